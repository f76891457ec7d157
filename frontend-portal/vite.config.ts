import { fileURLToPath } from 'node:url'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = process.env['VOORDEUR_PORTAL_URL'] ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }),
    react(),
    babel({ presets: [linguiTransformerBabelPreset()] }),
    lingui({ failOnMissing: true }),
  ],
  resolve: { alias: [{ find: /^#\//, replacement: fileURLToPath(new URL('./src/', import.meta.url)) }] },
  // The cookie is Secure and same-origin, so in development the API is reached through this server.
  server: { port: 5173, proxy: { '/api': { target: api, changeOrigin: true } } },
  build: {
    reportCompressedSize: false,
    target: 'baseline-widely-available',
    // The content security policy allows fonts and images from the own origin only, so nothing becomes a data: URL.
    assetsInlineLimit: 0,
  },
})
