/// <reference types="vite/client" />
declare module '*.po?door?lingui' {
  import type { Messages } from '@lingui/core'
  export const messages: Messages
}
declare module '*.po?around?lingui' {
  import type { Messages } from '@lingui/core'
  export const messages: Messages
}
declare module '*.po?inside?lingui' {
  import type { Messages } from '@lingui/core'
  export const messages: Messages
}

declare module '*.po?settings?lingui' {
  import type { Messages } from '@lingui/core'
  export const messages: Messages
}
