import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getOrganisationOptions, getOrganisationQueryKey, updateOrganisationMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Organisation } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { SelectField, TextArea, TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { LeaveGuard } from '#/components/LeaveGuard'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { rebase } from '#/lib/draft'
import { parseColour } from '#/lib/colour'
import { ColourField } from './ColourField'
import { draftOf, type BrandingDraft } from './draft'
import { HeaderImageField, LogoField } from './PictureFields'
import { PortalPreview } from './PortalPreview'

/** How the portal looks, beside how that looks: every change shows at once, nothing changes for customers until it is saved. */
export function BrandingForm({ organisation }: { organisation: Organisation }) {
  const queryClient = useQueryClient()
  const mayWrite = useCan('organisation:write')
  const [draft, setDraft] = useState<BrandingDraft>(() => draftOf(organisation))
  const [theme, setTheme] = useState<'light' | 'dark'>('light')
  const [base, setBase] = useState(organisation)
  const save = useMutation({
    ...updateOrganisationMutation(),
    onSuccess: (saved) => {
      toast(t`Gepubliceerd. Klanten zien het meteen.`)
      queryClient.setQueryData(getOrganisationQueryKey(), saved)
      setBase(saved)
      setDraft(draftOf(saved))
      void queryClient.invalidateQueries()
    },
  })
  const original = draftOf(base)
  const keys = Object.keys(original) as (keyof BrandingDraft)[]
  const changed = keys.filter((key) => draft[key] !== original[key])
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const set = (change: Partial<BrandingDraft>) => {
    setDraft({ ...draft, ...change })
    if (save.isError) save.reset()
  }
  const colour = parseColour(draft.brandColour)
  const count = changed.length
  // A new logo or photo is a new version of the same office: the text that is being typed goes on from there.
  const pictureDone = async () => {
    setBase(await queryClient.fetchQuery({ ...getOrganisationOptions(), staleTime: 0 }))
  }
  const reload = async () => {
    const newest = await queryClient.fetchQuery({ ...getOrganisationOptions(), staleTime: 0 })
    setDraft((current) => rebase(original, current, draftOf(newest)).draft)
    setBase(newest)
    save.reset()
  }
  const text = (key: 'name' | 'tagline' | 'welcomeTitle' | 'email' | 'phone' | 'openingHours') => ({
    value: draft[key],
    error: fields[`/${key}`],
    readOnly: !mayWrite,
    onChange: (event: { target: { value: string } }) => set({ [key]: event.target.value }),
  })

  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Portaal`}</h1>
        <div className="end">
          <a className="btn btn-secondary" href={organisation.portalUrl} target="_blank" rel="noreferrer">
            <Icon name="arrow-square-out" />
            {t`Open het portaal`}
          </a>
          {mayWrite ? (
            <>
              {count > 0 && <span className="caption">{t`${count} niet gepubliceerd`}</span>}
              <Button
                variant="primary"
                busy={save.isPending}
                disabled={count === 0 || !colour || !draft.name.trim()}
                onClick={() =>
                  save.mutate({
                    headers: ifMatch(base.version),
                    body: {
                      ...Object.fromEntries(changed.map((key) => [key, draft[key]])),
                      ...(changed.includes('brandColour') && colour ? { brandColour: colour } : {}),
                    },
                  })
                }
              >
                {t`Publiceren`}
              </Button>
            </>
          ) : (
            <span className="caption">{t`Alleen een beheerder kan dit wijzigen.`}</span>
          )}
        </div>
      </header>
      <div className="pe">
        <div className="left">
          {isStale(problem) ? (
            <Conflict error={problem} onReload={reload} />
          ) : (
            Object.keys(fields).length === 0 && <Mistake error={problem} />
          )}
          <section className="blk" aria-labelledby="house-style">
            <h2 id="house-style">{t`Huisstijl`}</h2>
            <ColourField
              value={draft.brandColour}
              error={fields['/brandColour']}
              disabled={!mayWrite}
              onChange={(brandColour) => set({ brandColour })}
            />
            <LogoField organisation={organisation} disabled={!mayWrite} onDone={() => void pictureDone()} />
            <HeaderImageField
              organisation={organisation}
              value={draft.headerImage}
              colour={colour ?? base.brandColour}
              disabled={!mayWrite}
              onChange={(headerImage) => set({ headerImage })}
              onDone={() => void pictureDone()}
            />
          </section>
          <section className="blk" aria-labelledby="welcome">
            <h2 id="welcome">{t`Welkom`}</h2>
            <TextField label={t`Titel`} optional maxLength={80} {...text('welcomeTitle')} />
            <TextArea
              label={t`Welkomsttekst`}
              aside={t`${draft.welcomeText.length} van 140`}
              rows={3}
              maxLength={140}
              readOnly={!mayWrite}
              value={draft.welcomeText}
              error={fields['/welcomeText']}
              onChange={(event) => set({ welcomeText: event.target.value })}
            />
            <SelectField
              label={t`Aanspreekvorm`}
              value={draft.formOfAddress}
              disabled={!mayWrite}
              options={[
                { value: 'informal', label: t`Je en jullie` },
                { value: 'formal', label: t`U` },
              ]}
              onChange={(event) => set({ formOfAddress: event.target.value as BrandingDraft['formOfAddress'] })}
            />
          </section>
          <section className="blk" aria-labelledby="office">
            <h2 id="office">{t`Kantoor`}</h2>
            <TextField
              label={t`Naam`}
              maxLength={120}
              {...text('name')}
              error={draft.name.trim() ? fields['/name'] : t`Vul de naam van het kantoor in`}
            />
            <TextField label={t`Ondertitel`} optional maxLength={120} {...text('tagline')} />
            <div className="pair">
              <TextField label={t`E-mailadres`} optional type="email" maxLength={254} {...text('email')} />
              <TextField label={t`Telefoon`} optional type="tel" maxLength={40} {...text('phone')} />
            </div>
            <TextField label={t`Bereikbaar`} optional maxLength={120} {...text('openingHours')} />
          </section>
          <section className="blk" aria-labelledby="logging-in">
            <h2 id="logging-in">{t`Inloggen`}</h2>
            <label className="check">
              <input
                type="checkbox"
                checked={draft.codeLogin}
                disabled={!mayWrite}
                onChange={(event) => set({ codeLogin: event.target.checked })}
              />
              <b>{t`Klanten kunnen inloggen met een code`}</b>
              <span className="hint">{t`Per sms naar hun mobiele nummer, of anders per mail. Hun wachtwoord blijft ook werken.`}</span>
            </label>
            <label className="check">
              <input
                type="checkbox"
                checked={draft.customersNeedSecondFactor}
                disabled={!mayWrite}
                onChange={(event) => set({ customersNeedSecondFactor: event.target.checked })}
              />
              <b>{t`Alle klanten loggen in met twee stappen`}</b>
              <span className="hint">{t`Wie nog geen tweede stap heeft, stelt hem bij de volgende keer inloggen in.`}</span>
            </label>
          </section>
          <section className="blk" aria-labelledby="members">
            <h2 id="members">{t`Portaalleden`}</h2>
            <label className="check">
              <input
                type="checkbox"
                checked={draft.inviteMembers}
                disabled={!mayWrite}
                onChange={(event) => set({ inviteMembers: event.target.checked })}
              />
              <b>{t`Nodig een nieuw lid meteen uit`}</b>
              <span className="hint">{t`Uit: je stuurt de uitnodiging zelf, als het dossier klaarstaat.`}</span>
            </label>
          </section>
        </div>
        <section className="stage with-phone" aria-label={t`Voorbeeld`}>
          <div className="tools">
            <b>{t`Voorbeeld`}</b>
            <div className="end segment" role="group" aria-label={t`Thema van het voorbeeld`}>
              <button type="button" aria-pressed={theme === 'light'} onClick={() => setTheme('light')}>
                <Icon name="sun" />
                {t`Licht`}
              </button>
              <button type="button" aria-pressed={theme === 'dark'} onClick={() => setTheme('dark')}>
                <Icon name="moon" />
                {t`Donker`}
              </button>
            </div>
          </div>
          <div className="both">
            <PortalPreview draft={draft} organisation={organisation} colour={colour ?? base.brandColour} theme={theme} />
            <div className="frame phone">
              <PortalPreview draft={draft} organisation={organisation} colour={colour ?? base.brandColour} theme={theme} />
            </div>
          </div>
        </section>
      </div>
      <LeaveGuard dirty={() => count > 0} />
    </main>
  )
}
