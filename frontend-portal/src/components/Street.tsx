import { street } from './streetDrawing'

const markup = { __html: street }

/** The line drawing of a street; our own constant, so setting it as markup is safe. */
export function Street({ fit = 'xMidYMax slice' }: { fit?: string }) {
  return (
    <svg
      className="draw"
      viewBox="0 0 700 300"
      preserveAspectRatio={fit}
      aria-hidden="true"
      focusable="false"
      // oxlint-disable-next-line react/no-danger
      dangerouslySetInnerHTML={markup}
    />
  )
}
