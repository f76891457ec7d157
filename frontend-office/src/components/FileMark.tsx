import { fileKind } from '#/lib/text'

export function FileMark({ mediaType, filename }: { mediaType: string; filename: string }) {
  const kind = fileKind(mediaType, filename)
  return (
    <span className={`ft ${kind.tone}`.trim()} aria-hidden="true">
      {kind.label}
    </span>
  )
}
