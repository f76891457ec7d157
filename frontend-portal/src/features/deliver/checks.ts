import { t } from '@lingui/core/macro'
import { acceptedTypes, maxUploadBytes } from '#/lib/files'
import { fileSize } from '#/lib/text'

export const maxFiles = 20

const accepted = new Set(acceptedTypes.split(','))
const archives = new Set(['.zip', '.rar', '.7z'])

/** Why a file cannot be sent at all; said before a byte leaves the phone. */
export function checkFile(file: File): string | undefined {
  const extension = (/\.[^.]+$/.exec(file.name)?.[0] ?? '').toLowerCase()
  if (archives.has(extension)) {
    const kind = extension.slice(1)
    return t`Een ${kind} kunnen we niet openen. Kies de losse bestanden.`
  }
  if (!accepted.has(extension)) return wrongType()
  if (file.size === 0) return emptyFile()
  if (file.size > maxUploadBytes) {
    const size = fileSize(file.size)
    return t`Dit bestand is ${size}, het maximum is 25 MB. Een foto per pagina werkt ook.`
  }
  return undefined
}

/** What a refusal after sending means, and what helps. */
export function failureText({ status, code, message }: { status: number; code: string; message: string }): string {
  switch (code) {
    case 'file-empty':
      return emptyFile()
    case 'file-too-large':
      return t`Dit bestand is te groot, het maximum is 25 MB. Een foto per pagina werkt ook.`
    case 'file-type-not-allowed':
      return wrongType()
    case 'file-not-what-it-says':
      return t`De inhoud past niet bij de naam. Bewaar het opnieuw als pdf of foto en kies het daarna weer.`
    case 'file-damaged':
      return t`Dit bestand is beschadigd of niet compleet. Kijk of je het zelf kunt openen en kies het opnieuw.`
    case 'file-has-macros':
      return t`In dit bestand zit iets dat zichzelf uitvoert, zoals een macro. Bewaar het als pdf en kies die.`
  }
  if (status === 0) return t`De verbinding viel weg. Wat al binnen is, blijft bewaard.`
  if (status === 401) return t`Je bent niet meer ingelogd. Log opnieuw in en kies het bestand nog eens.`
  if (status >= 500) return t`Dit lukte niet, het ligt aan ons. Probeer het zo nog eens.`
  return message || t`Dit bestand kunnen we niet aannemen. Kies een ander bestand.`
}

const emptyFile = () => t`Dit bestand is leeg. Kies het opnieuw, of maak een foto.`
const wrongType = () => t`Dit soort bestand kunnen we niet openen. Kies een pdf, een foto, of een Word- of Excel-bestand.`
