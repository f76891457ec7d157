import { t } from '@lingui/core/macro'
import { useState, type ReactNode } from 'react'
import type { Me, Site } from '#/api/generated/types.gen'
import { useLogout } from '#/api/logout'
import { Button } from '#/components/Button'
import { Mistake } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { getLocale, setLocale, type Locale } from '#/lib/locale'
import { writes } from '#/lib/looking'
import { fullName } from '#/lib/text'
import { getTheme, setTheme, type Theme } from '#/lib/theme'
import { Mails } from './Mails'
import { PasswordForm } from './PasswordForm'

type Props = {
  site: Site
  me: Me
  /** What else there is about logging in. */
  signIn?: ReactNode
  devices?: ReactNode
  watched?: ReactNode
  apps?: ReactNode
  onLoggedOut: () => void
}

/** Who is signed in, the password, language and looks, and the way out. */
export function SettingsPage({ site, me, signIn, devices, watched, apps, onLoggedOut }: Props) {
  const [changing, setChanging] = useState(false)
  useTitle(t`Instellingen`, site.name)
  const logout = useLogout(onLoggedOut)
  return (
    <div className="wrap page settings settings-one">
      <header className="page-head">
        <h1>{t`Instellingen`}</h1>
      </header>
      <div className="stack">
        <section className="sec" aria-labelledby="profile">
          <header>
            <h2 id="profile">{t`Profiel`}</h2>
          </header>
          <div className="set">
            <div className="set-row">
              <div>
                <h3>{fullName(me)}</h3>
                <p>{me.clientName}</p>
              </div>
            </div>
            <div className="set-row">
              <div>
                <h3>{t`Gebruikersnaam`}</h3>
                <p>{t`${me.username}, ingesteld door ${site.name}`}</p>
              </div>
            </div>
          </div>
        </section>
        <section className="sec" aria-labelledby="sign-in">
          <header>
            <h2 id="sign-in">{t`Inloggen`}</h2>
          </header>
          <div className="set">
            {changing ? (
              <PasswordForm me={me} onDone={() => setChanging(false)} />
            ) : (
              <div className="set-row">
                <div>
                  <h3>{t`Wachtwoord`}</h3>
                  <p>{t`Alleen jij kent het. Ook ${site.name} kan het niet zien.`}</p>
                </div>
                <Button small {...writes()} onClick={() => setChanging(true)}>
                  {t`Wijzig`}
                  <span className="sr"> {t`je wachtwoord`}</span>
                </Button>
              </div>
            )}
            {signIn}
          </div>
        </section>
        {devices}
        {watched}
        {apps}
        <Mails me={me} />
        <section className="sec" aria-labelledby="looks">
          <header>
            <h2 id="looks">{t`Taal en weergave`}</h2>
          </header>
          <div className="set">
            <div className="set-row">
              <h3>
                <label htmlFor="language">{t`Taal`}</label>
              </h3>
              <select id="language" className="select" value={getLocale()} onChange={(event) => setLocale(event.target.value as Locale)}>
                {languages.map(([value, name]) => (
                  <option key={value} value={value} lang={value}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
            <ThemeRow />
          </div>
        </section>
        {!me.view && (
          <div className="out">
            <Button variant="danger" icon="sign-out" busy={logout.isPending} onClick={() => logout.mutate({})}>
              {t`Uitloggen`}
            </Button>
            <Mistake error={logout.error} />
          </div>
        )}
      </div>
    </div>
  )
}

// A language is called by its own name, whatever the page speaks.
const languages = [
  // oxlint-disable-next-line lingui/no-unlocalized-strings
  ['nl', 'Nederlands'],
  // oxlint-disable-next-line lingui/no-unlocalized-strings
  ['en', 'English'],
] as const

function ThemeRow() {
  const [theme, setShown] = useState<Theme>(getTheme)
  const choices: [Theme, string][] = [
    ['system', t`Auto`],
    ['light', t`Licht`],
    ['dark', t`Donker`],
  ]
  return (
    <div className="set-row looks">
      <h3 id="theme">{t`Weergave`}</h3>
      <div className="segment" role="group" aria-labelledby="theme">
        {choices.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={theme === value}
            onClick={() => {
              setTheme(value)
              setShown(value)
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  )
}
