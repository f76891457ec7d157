import { t } from '@lingui/core/macro'
import { ApiProblem } from '#/api/problem'

/** What went wrong with signing in, in words that help; the server never says which half was wrong. */
export function loginMistake(error: unknown): string {
  if (!(error instanceof ApiProblem) || error.status === 0) return t`Geen verbinding. Controleer je internet en probeer het opnieuw.`
  if (error.status === 429) {
    const minutes = Math.max(1, Math.ceil((error.retryAfter ?? 600) / 60))
    return t`Even pauze: er is te vaak geprobeerd. Over ${minutes} min kun je het opnieuw proberen.`
  }
  if (error.code === 'sso-only') return t`Je kantoor logt niet in met wachtwoorden. Kies hieronder: Inloggen met je kantooraccount.`
  if (error.status === 401 || error.status === 422) return t`Deze combinatie kennen we niet. Controleer je e-mailadres en je wachtwoord.`
  return t`Inloggen lukte niet. Het ligt aan ons; probeer het zo nog eens.`
}

export function codeMistake(error: unknown): string {
  if (error instanceof ApiProblem && (error.status === 401 || error.status === 422) && error.code !== 'unauthenticated')
    return t`Die code klopt niet (meer). Elke code werkt 30 seconden, typ de nieuwste over.`
  if (error instanceof ApiProblem && error.status === 401) return t`Het duurde te lang. Begin opnieuw met je wachtwoord.`
  return loginMistake(error)
}

/** Why the account of the office opened nothing, and who can help. */
export function ssoMistake(code: string): string {
  switch (code) {
    case 'sso-off':
      return t`Dit kantoor kennen we niet, of het logt niet in met een eigen account. Controleer de naam, of log in met je wachtwoord.`
    case 'sso-lost':
      return t`Het inloggen duurde te lang, of begon in een andere browser. Begin opnieuw.`
    case 'sso-unknown':
      return t`Dit account hoort bij geen medewerker van dit kantoor. Vraag een beheerder om je uit te nodigen op het e-mailadres van je kantooraccount.`
    case 'sso-no-group':
      return t`Je account zit in geen groep die hier mag werken. Vraag een beheerder om je aan de juiste groep toe te voegen.`
    case 'sso-refused':
      return t`Je kantoor liet het inloggen niet doorgaan. Begin opnieuw; blijft het misgaan, waarschuw dan een beheerder.`
    case 'sso-unreachable':
      return t`De aanbieder van je kantoor antwoordt niet. Probeer het over een paar minuten opnieuw.`
    case 'too-many-attempts':
      return t`Even pauze: er is te vaak geprobeerd. Wacht een paar minuten.`
  }
  return t`Inloggen lukte niet. Het ligt aan ons; probeer het zo nog eens.`
}
