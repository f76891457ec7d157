import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: '../openapi/portal.json',
  output: {
    path: 'src/api/generated',
    header: ['// Generated from openapi/portal.json; do not edit.', '// @ts-nocheck'],
  },
  plugins: [
    '@hey-api/typescript',
    '@hey-api/sdk',
    { name: '@hey-api/client-fetch', throwOnError: true },
    '@tanstack/react-query',
  ],
})
