import { getConfig } from '@lingui/conf'
import { getCatalogForFile, getCatalogs } from '@lingui/cli/api'
import { relative } from 'node:path'
import type { Plugin } from 'vite'

/** What only comes into view behind the login. Features know no other feature, so a text of theirs is said nowhere else. */
const behindLogin = /^src\/(features\/(?!session\/|shell\/NoOffice)|lazy\/|live\/)/

/**
 * Splits a compiled catalogue in two by where its texts are used: `nl.po?door?lingui` is what the first page can say,
 * `nl.po?inside?lingui` is the rest. So the login does not grow with every screen that is added behind it.
 */
export function splitMessages(): Plugin {
  return {
    name: 'split-messages',
    enforce: 'post',
    transform: {
      filter: { id: /\.po\?(door|inside)\?lingui$/ },
      async handler(code, id) {
        const [path = '', part] = id.split('?')
        const config = getConfig()
        const found = getCatalogForFile(relative(config.rootDir, path), await getCatalogs(config))
        const origins = (await found?.catalog.read(config.sourceLocale ?? 'nl')) ?? {}
        const compiled = /JSON\.parse\((".*")\)/.exec(code)?.[1]
        if (!compiled) this.error(`no messages in what lingui made of ${path}`)
        const all = JSON.parse(JSON.parse(compiled) as string) as Record<string, unknown>
        const inside = (key: string) => origins[key]?.origin?.every(([file]) => behindLogin.test(file)) ?? false
        const own = found && found.locale !== config.sourceLocale && found.locale.startsWith('nl') ? await found.catalog.read(found.locale) : undefined
        const said = (key: string) => part === 'inside' || !own || Boolean(own[key]?.translation)
        const chosen = Object.fromEntries(Object.entries(all).filter(([key]) => inside(key) === (part === 'inside') && said(key)))
        return { code: `export const messages=JSON.parse(${JSON.stringify(JSON.stringify(chosen))});`, map: null, moduleType: 'js' }
      },
    },
  }
}
