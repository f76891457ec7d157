import { fileKind } from '#/lib/text'

export function FileMark({ mediaType, filename }: { mediaType: string; filename: string }) {
  const { label, tone } = fileKind(mediaType, filename)
  return (
    <span className={`filetype ${tone}`.trim()} aria-hidden="true">
      {label}
    </span>
  )
}
