module.exports = {
  forbidden: [
    {
      name: 'no-cross-feature',
      comment: 'A feature never imports another: compose them in routes/, or lift what they share to components/.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'lower-layers-know-no-feature',
      severity: 'error',
      from: { path: '^src/(components|lib|api|live)/' },
      to: { path: '^src/(features|routes)/' },
    },
    {
      name: 'heavy-is-lazy',
      comment: 'What is heavy (pdf.js, tus) stays off the first load: only import() may reach it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/lazy/' },
      to: { path: '^src/lazy/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/(api/generated|routeTree\\.gen\\.ts)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
}
