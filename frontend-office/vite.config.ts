import { fileURLToPath } from 'node:url'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = process.env['VOORDEUR_OFFICE_URL'] ?? 'http://localhost:8081'

// The frame behind the login, the dossier list that it opens with, and what both stand on.
const inside = /\/src\/(features\/(dossiers|shell)|routes\/_app(\.tsx|\/dossiers\.index))/

export default defineConfig({
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }),
    react(),
    // Two passes: the compiler renames variables, and the names inside a message are part of that message.
    babel({ presets: [linguiTransformerBabelPreset()] }),
    babel({ presets: [reactCompilerPreset()] }),
    lingui({ failOnMissing: true }),
  ],
  resolve: { alias: [{ find: /^#\//, replacement: fileURLToPath(new URL('./src/', import.meta.url)) }] },
  // The cookie is Secure and same-origin, so in development the API is reached through this server.
  server: { port: 5174, proxy: { '/api': { target: api, changeOrigin: true } } },
  build: {
    reportCompressedSize: false,
    target: 'baseline-widely-available',
    // light-dark() and relative colours stay as they are: rewritten for older browsers, a preview in the other theme freezes.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // The content security policy allows fonts and images from the own origin only, so nothing becomes a data: URL.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Left to itself the build makes a file of every set of sharers, and a first visit waits for forty small ones.
        // An await at the top level of a module anywhere would bring a good part of them back.
        codeSplitting: {
          groups: [
            { name: 'app', tags: ['$initial'], priority: 2 },
            { name: 'inside', test: inside, priority: 1 },
          ],
        },
      },
    },
  },
})
