import { fileURLToPath } from 'node:url'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { early } from './scripts/early.ts'
import { splitMessages } from './scripts/messages.ts'

const api = process.env['VOORDEUR_PORTAL_URL'] ?? 'http://localhost:8080'

// Whoever has no session meets the login first, so it does not wait for a file of its own.
const whole = new Set<string>(['/$slug', '/$slug/login'])

// The frame behind the login, the overview that nearly everyone sees in it first, and what all screens there share.
const inside =
  /\/src\/(api|components(?!\/(StepUpSheet|aroundIcons))|features\/(home(?!\/ProductPage)|shell(?!\/StillThere))|lib|live|routes\/\$slug\._app(\.index)?\.tsx)/

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      quoteStyle: 'single',
      codeSplittingOptions: {
        splitBehavior: ({ routeId }) => (whole.has(routeId) ? [] : [['component', 'errorComponent', 'notFoundComponent']]),
      },
    }),
    react(),
    babel({ presets: [linguiTransformerBabelPreset()] }),
    lingui({ failOnMissing: true }),
    splitMessages(),
    early(),
  ],
  resolve: { alias: [{ find: /^#\//, replacement: fileURLToPath(new URL('./src/', import.meta.url)) }] },
  // The cookie is Secure and same-origin, so in development the API is reached through this server.
  server: { port: 5173, proxy: { '/api': { target: api, changeOrigin: true } } },
  build: {
    reportCompressedSize: false,
    target: 'baseline-widely-available',
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
