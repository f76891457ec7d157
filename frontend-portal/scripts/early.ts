import { fileURLToPath } from 'node:url'
import { build, type Plugin, type Rolldown } from 'vite'

const entry = fileURLToPath(new URL('../src/early.ts', import.meta.url))

/**
 * Puts src/early.ts into the page itself: as a file of its own it would begin a round trip later. The server allows exactly these
 * bytes (their digest stands in the content security policy). It is told what the build called the files that it fetches ahead.
 */
export function early(): Plugin {
  return {
    name: 'early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
        const texts = (part: string) =>
          Object.fromEntries(
            ['nl', 'nl-formal', 'en'].map((name) => [
              name,
              chunks
                .filter((chunk) => !chunk.isEntry && chunk.moduleIds.some((id) => id.endsWith(`/${name}.po?${part}?lingui`)))
                .map((chunk) => `/${chunk.fileName}`),
            ]),
          )
        const screens = chunks.filter((chunk) => chunk.name === 'inside').map((chunk) => `/${chunk.fileName}`)
        const made = (await build({
          configFile: false,
          logLevel: 'error',
          resolve: { alias: [{ find: /^#\//, replacement: fileURLToPath(new URL('../src/', import.meta.url)) }] },
          define: { __FILES__: JSON.stringify({ door: texts('door'), inside: texts('inside'), screens }) },
          build: {
            write: false,
            target: 'baseline-widely-available',
            rolldownOptions: { input: entry, output: { format: 'iife' } },
          },
        })) as Rolldown.RolldownOutput
        const code = made.output[0].code.trim()
        if (screens.length === 0 || code.includes('</script')) this.error('the script in the page does not fit this build')
        // Before the style sheet, for which a script would wait.
        return html.replace('</title>', () => `</title>\n    <script>${code}</script>`)
      },
    },
  }
}
