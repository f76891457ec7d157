import { useEffect, useState } from 'react'
import drawing from './street.svg'

let lines: Promise<string> | undefined

/** The children of the drawing, fetched once. It only adorns, so it comes after the page and is missed when it cannot. */
const fetchLines = () =>
  (lines ??= new Promise((painted) => setTimeout(painted, 100))
    .then(() => fetch(drawing))
    .then(async (answer) => (answer.ok ? (await answer.text()).replaceAll(/^<svg[^>]*>|<\/svg>\s*$/g, '') : ''))
    .catch(() => ''))

/** The line drawing of a street, in the page and not an img, so that it takes any brand and theme from the .draw rules. */
export function Street({ fit = 'xMidYMax slice' }: { fit?: string }) {
  const [markup, setMarkup] = useState('')
  useEffect(() => {
    let here = true
    void fetchLines().then((found) => here && setMarkup(found))
    return () => {
      here = false
    }
  }, [])
  return (
    <svg
      className="draw"
      viewBox="0 0 700 300"
      preserveAspectRatio={fit}
      aria-hidden="true"
      focusable="false"
      // Our own file, so setting it as markup is safe.
      // oxlint-disable-next-line react/no-danger
      dangerouslySetInnerHTML={{ __html: markup }}
    />
  )
}
