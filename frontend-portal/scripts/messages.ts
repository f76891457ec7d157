import { getConfig } from '@lingui/conf'
import { getCatalogForFile, getCatalogs } from '@lingui/cli/api'
import { relative } from 'node:path'
import type { Plugin } from 'vite'

/** What only comes into view behind the login. Features know no other feature, so a text of theirs is said nowhere else. */
const behindLogin = /^src\/(features\/(?!session\/|shell\/NoOffice)|lazy\/|live\/)/

/** Of that, what only comes into view on the screens about the login itself. */
const aboutLogin = /^src\/features\/(security|settings|view)\//

/**
 * Splits a compiled catalogue in three by where its texts are used: `nl.po?door?lingui` is what the first page can say,
 * `nl.po?settings?lingui` what is said about the login itself, and `nl.po?inside?lingui` is the rest. So neither the login
 * nor the overview grows with every screen that is added behind it.
 */
export function splitMessages(): Plugin {
  return {
    name: 'split-messages',
    enforce: 'post',
    transform: {
      filter: { id: /\.po\?(door|inside|settings)\?lingui$/ },
      async handler(code, id) {
        const [path = '', part] = id.split('?')
        const config = getConfig()
        const found = getCatalogForFile(relative(config.rootDir, path), await getCatalogs(config))
        const origins = (await found?.catalog.read(config.sourceLocale ?? 'nl')) ?? {}
        const compiled = /JSON\.parse\((".*")\)/.exec(code)?.[1]
        if (!compiled) this.error(`no messages in what lingui made of ${path}`)
        const all = JSON.parse(JSON.parse(compiled) as string) as Record<string, unknown>
        const only = (key: string, where: RegExp) => origins[key]?.origin?.every(([file]) => where.test(file)) ?? false
        const partOf = (key: string) => (only(key, aboutLogin) ? 'settings' : only(key, behindLogin) ? 'inside' : 'door')
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
