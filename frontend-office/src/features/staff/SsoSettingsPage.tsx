import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { getSsoOptions, updateSsoMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Sso, SsoGroupRole } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { useCan, useMe } from '#/api/me'
import { ApiProblem, isStale } from '#/api/problem'
import { Button, IconButton } from '#/components/Button'
import { CopyField } from '#/components/CopyField'
import { SelectField, TextField } from '#/components/Field'
import { Conflict, Failed, Loading, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useTitle } from '#/lib/hooks'
import { optionsOf, roles, roleWord, type Role } from '#/lib/words'

/** How the office signs in at its own provider (OpenID Connect). */
export function SsoSettingsPage() {
  useTitle(t`Eenmalig inloggen`)
  const query = useQuery(getSsoOptions())
  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Eenmalig inloggen`}</h1>
      </header>
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <SsoForm key={query.data.version} sso={query.data} />
      )}
    </main>
  )
}

// oxlint-disable-next-line lingui/no-unlocalized-strings -- an address, no words
const addressOf = (sso: Sso, slug: string) => `${sso.redirectUrl}?office=${slug}`

function SsoForm({ sso }: { sso: Sso }) {
  const queryClient = useQueryClient()
  const mayWrite = useCan('employee:write')
  const { organisation } = useMe()
  const [draft, setDraft] = useState({ ...sso, secret: '' })
  const save = useMutation({
    ...updateSsoMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      void queryClient.invalidateQueries()
    },
  })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const set = (change: Partial<typeof draft>) => {
    setDraft((now) => ({ ...now, ...change }))
    save.reset()
  }
  const setRole = (at: number, change: Partial<SsoGroupRole>) =>
    set({ roles: draft.roles.map((one, index) => (index === at ? { ...one, ...change } : one)) })

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    save.mutate({
      headers: ifMatch(sso.version),
      body: {
        enabled: draft.enabled,
        issuer: draft.issuer.trim(),
        clientIdentifier: draft.clientIdentifier.trim(),
        ...(draft.secret ? { clientSecret: draft.secret } : {}),
        groupsClaim: draft.groupsClaim.trim(),
        roles: draft.roles.filter((one) => one.group.trim()).map((one) => ({ group: one.group.trim(), role: one.role })),
        only: draft.enabled && draft.only,
      },
    })
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll" tabIndex={0} role="region" aria-label={t`Instellingen van eenmalig inloggen`}>
      <form className="sso-form" noValidate onSubmit={submit}>
        <fieldset disabled={!mayWrite}>
          <legend className="sr">{t`Aanbieder`}</legend>
          <p className="small muted">{t`Medewerkers loggen in met het account van je kantoor (OpenID Connect). De tweede stap is dan die van je aanbieder.`}</p>
          <label className="check">
            <input type="checkbox" checked={draft.enabled} onChange={(event) => set({ enabled: event.target.checked })} />
            <span>{t`Inloggen met het kantooraccount kan`}</span>
          </label>
          <TextField
            label={t`Adres van de aanbieder (issuer)`}
            mono
            maxLength={300}
            placeholder="https://"
            value={draft.issuer}
            error={fields['/issuer']}
            onChange={(event) => set({ issuer: event.target.value })}
          />
          <div className="pair">
            <TextField
              label={t`Client-id`}
              mono
              maxLength={200}
              value={draft.clientIdentifier}
              error={fields['/clientId'] ?? fields['/clientIdentifier']}
              onChange={(event) => set({ clientIdentifier: event.target.value })}
            />
            <TextField
              label={t`Client-secret`}
              type="password"
              autoComplete="off"
              maxLength={1000}
              value={draft.secret}
              hint={
                sso.hasSecret ? t`Er is een geheim bewaard. Leeg laten houdt het.` : t`Wordt versleuteld bewaard en nooit meer getoond.`
              }
              onChange={(event) => set({ secret: event.target.value })}
            />
          </div>
        </fieldset>
        <fieldset>
          <legend>{t`Adressen`}</legend>
          <p className="small muted">{t`De eerste twee vul je bij je aanbieder in: letter voor letter, en geen andere.`}</p>
          <CopyField
            label={t`Redirect-adres`}
            hint={t`Bij de aanbieder ook wel: redirect-URI of callback. Hier komt terug wie is ingelogd.`}
            value={sso.redirectUrl}
          />
          <CopyField
            label={t`Adres na uitloggen`}
            hint={t`Bij de aanbieder ook wel: post-logout redirect-URI. Hier komt terug wie ook daar uitlogt.`}
            value={new URL('/login', sso.redirectUrl).href}
          />
          <CopyField
            label={t`Inlogadres voor je medewerkers`}
            hint={t`Om door te geven, of als tegel bij je aanbieder.`}
            value={addressOf(sso, organisation.slug)}
          />
        </fieldset>
        <fieldset disabled={!mayWrite}>
          <legend>{t`Groepen en rollen`}</legend>
          <p className="small muted">{t`Zonder regels houdt iedereen de rol die hier staat. Met regels geeft de groep bij je aanbieder de rol, en komt wie in geen groep zit niet binnen.`}</p>
          <TextField
            label={t`Naam van de claim met groepen`}
            mono
            maxLength={80}
            value={draft.groupsClaim}
            onChange={(event) => set({ groupsClaim: event.target.value })}
          />
          {draft.roles.map((one, at) => (
            // A rule has no name of its own but its place.
            // oxlint-disable-next-line react/no-array-index-key
            <div className="pair" key={at}>
              <TextField
                label={t`Groep ${at + 1}`}
                maxLength={200}
                value={one.group}
                onChange={(event) => setRole(at, { group: event.target.value })}
              />
              <div className="row-s">
                <SelectField
                  label={t`Rol van groep ${at + 1}`}
                  value={one.role}
                  options={optionsOf(roles, roleWord)}
                  onChange={(event) => setRole(at, { role: event.target.value as Role })}
                />
                <IconButton
                  icon="trash"
                  label={t`Haal groep ${at + 1} weg`}
                  onClick={() => set({ roles: draft.roles.filter((_, index) => index !== at) })}
                />
              </div>
            </div>
          ))}
          <Button small icon="plus" onClick={() => set({ roles: [...draft.roles, { group: '', role: 'adviser' }] })}>
            {t`Regel toevoegen`}
          </Button>
        </fieldset>
        <fieldset disabled={!mayWrite || !draft.enabled}>
          <legend>{t`Alleen nog zo`}</legend>
          <label className="check">
            <input type="checkbox" checked={draft.only} onChange={(event) => set({ only: event.target.checked })} />
            <span>{t`Wachtwoorden werken niet meer, behalve voor beheerders`}</span>
          </label>
          <p className="small muted">{t`Een beheerder houdt wachtwoord en code, voor als de aanbieder niet werkt. Log eerst zelf een keer in met je kantooraccount.`}</p>
        </fieldset>
        {isStale(problem) ? (
          <Conflict error={problem} onReload={() => queryClient.invalidateQueries()} />
        ) : (
          Object.keys(fields).length === 0 && <Mistake error={problem} />
        )}
        {mayWrite && (
          <Button type="submit" variant="primary" busy={save.isPending}>
            {t`Opslaan`}
          </Button>
        )}
      </form>
    </div>
  )
}
