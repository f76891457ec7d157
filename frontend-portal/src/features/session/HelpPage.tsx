import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Site } from '#/api/generated/types.gen'
import { Icon } from '#/components/Icon'
import { useTitle } from '#/lib/hooks'
import { Split } from './Split'
import { Phone } from '#/components/Phone'

/** Everything that keeps somebody out, in the words somebody would use, each with the way in. */
export function HelpPage({ site }: { site: Site }) {
  useTitle(t`Hulp bij het inloggen`, site.name)
  const forgot = (
    <Link className="btn btn-secondary btn-sm" to="/$slug/forgot" params={{ slug: site.slug }}>
      {t`Stuur me een nieuwe link`}
    </Link>
  )
  const call = (
    <>
      {t`Bel ${site.name}.`} {site.phone && <Phone number={site.phone} />}
    </>
  )
  return (
    <Split
      site={site}
      help
      title={t`Hulp bij het inloggen`}
      lead={t`Kies wat er aan de hand is.`}
      say={[t`We laten je niet voor de deur staan.`, t`Je dossier staat veilig klaar. Samen vinden we de sleutel.`]}
    >
      <div className="form helps">
        <Item title={t`Wat is mijn gebruikersnaam?`}>
          <p>{t`Meestal is dat je e-mailadres.`}</p>
          <p>{t`Hij staat ook in de mail waarmee ${site.name} het portaal voor je opende, achter het woord Gebruikersnaam. Log je samen met je partner in? Dan heeft ieder een eigen naam, en staan ze allebei in die mail.`}</p>
          {site.codeLogin && <p>{t`Met een code inloggen kan ook met je e-mailadres, als je je gebruikersnaam niet meer weet.`}</p>}
          <p>
            {t`Kom je er niet uit?`} {call}
          </p>
        </Item>
        <Item title={t`Ik weet mijn wachtwoord niet meer`}>
          <p>{t`Vraag een link aan om een nieuw wachtwoord te kiezen. Hij komt per mail en werkt 48 uur.`}</p>
          {forgot}
        </Item>
        <Item title={t`De mail komt niet`}>
          <ol>
            <li>{t`Wacht een paar minuten en ververs je mail.`}</li>
            <li>{t`Kijk bij ongewenste mail, spam en reclame.`}</li>
            <li>{t`Zoek in je mail op ${site.name}.`}</li>
            <li>{t`Controleer of je de goede naam invulde. Om te beschermen wie klant is, zeggen we niet of we een naam kennen.`}</li>
          </ol>
          <p>
            {t`Nog niets? Misschien hebben we een oud e-mailadres van je.`} {call}
          </p>
        </Item>
        <Item title={t`De link is te oud`}>
          <p>{t`Een link werkt 48 uur en één keer. Dat is voor je veiligheid. Een nieuwe is zo gestuurd.`}</p>
          {forgot}
        </Item>
        {site.codeLogin && (
          <Item title={t`De code komt niet`}>
            <p>{t`Een code gaat per sms naar je mobiele nummer. Hebben we dat niet, dan gaat hij per mail. Kijk dus op allebei de plekken.`}</p>
            <p>{t`Een code werkt 10 minuten. Vroeg je er meer dan één aan, dan werkt alleen de nieuwste.`}</p>
            <p>
              {t`Heb je een nieuw nummer?`} {call}
            </p>
          </Item>
        )}
        <Item title={t`Ik heb een nieuwe telefoon`}>
          <p>{t`Logde je in met een code uit een app? Neem dan je oude telefoon of een van je herstelcodes. Ben je binnen, stel dan onder Instellingen je nieuwe telefoon in.`}</p>
          <p>
            {t`Heb je ook een nieuw nummer? Geef het aan ons door, dan komen de codes goed aan.`} {call}
          </p>
        </Item>
        <Item title={t`Ik ben mijn herstelcodes kwijt`}>
          <p>{t`Heb je de app nog? Log daarmee in en maak onder Instellingen nieuwe herstelcodes.`}</p>
          <p>
            {t`Ook de app kwijt? Dan kan ${site.name} de tweede stap weghalen. Dat duurt een dag, en je krijgt er een mail over: zo kan niemand het buiten jou om doen.`}{' '}
            {call}
          </p>
        </Item>
        <Item title={t`Ik moet even wachten`}>
          <p>{t`Na een paar verkeerde pogingen vragen we je te wachten, zodat niemand je wachtwoord kan raden. Je hoeft niets te doen: na de tijd die er staat kun je het opnieuw proberen.`}</p>
        </Item>
        <Item title={t`Iemand vraagt om mijn code`}>
          <p>
            {t`Geef hem niet. Wij vragen nooit om je wachtwoord of je code, ook niet aan de telefoon. Hang op en bel ons zelf.`} {call}
          </p>
        </Item>
        <Link className="btn btn-quiet btn-block" to="/$slug/login" params={{ slug: site.slug }}>
          <Icon name="caret-left" />
          {t`Terug naar inloggen`}
        </Link>
      </div>
    </Split>
  )
}

/** One question at a time: opening another closes this one. */
function Item({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="help" name="help">
      <summary>{title}</summary>
      {children}
    </details>
  )
}
