import { getConfig } from '@lingui/conf'
import { getCatalogForFile, getCatalogs } from '@lingui/cli/api'
import { relative } from 'node:path'
import type { Plugin } from 'vite'

/** Where a text is said, if that is in one place only; the first that fits. Features know no other feature. */
const places = {
  /** Beside the login: codes, forgotten passwords, links, help. */
  around: /^src\/features\/session\/(?!LoginPage|PasskeyButton|Split)/,
  /** Behind the login, on the screens about the login itself. */
  settings: /^src\/(features\/(apps|security|settings|view)\/|lazy\/passkey)/,
  /** Behind the login, all of it. */
  inside: /^src\/(components\/(StepUpSheet|PointRow|People|Remark|SharedDocument|DocumentRow)|features\/(?!session\/|shell\/NoOffice)|lazy\/|live\/)/,
}

/**
 * Splits a compiled catalogue by where its texts are used: `nl.po?door?lingui` is what the login can say and what is said in more
 * than one place, `?around`, `?settings` and `?inside` are the rest. So neither the login nor the overview grows with every screen
 * that is added.
 */
export function splitMessages(): Plugin {
  return {
    name: 'split-messages',
    enforce: 'post',
    transform: {
      filter: { id: /\.po\?(door|around|settings|inside)\?lingui$/ },
      async handler(code, id) {
        const [path = '', part] = id.split('?')
        const config = getConfig()
        const found = getCatalogForFile(relative(config.rootDir, path), await getCatalogs(config))
        const origins = (await found?.catalog.read(config.sourceLocale ?? 'nl')) ?? {}
        const compiled = /JSON\.parse\((".*")\)/.exec(code)?.[1]
        if (!compiled) this.error(`no messages in what lingui made of ${path}`)
        const all = JSON.parse(JSON.parse(compiled) as string) as Record<string, unknown>
        const only = (key: string, where: RegExp) => origins[key]?.origin?.every(([file]) => where.test(file)) ?? false
        const partOf = (key: string) => Object.entries(places).find(([, where]) => only(key, where))?.[0] ?? 'door'
        const own =
          found && found.locale !== config.sourceLocale && found.locale.startsWith('nl')
            ? await found.catalog.read(found.locale)
            : undefined
        const said = (key: string) => part !== 'door' || !own || Boolean(own[key]?.translation)
        const chosen = Object.fromEntries(Object.entries(all).filter(([key]) => partOf(key) === part && said(key)))
        return { code: `export const messages=JSON.parse(${JSON.stringify(JSON.stringify(chosen))});`, map: null, moduleType: 'js' }
      },
    },
  }
}
