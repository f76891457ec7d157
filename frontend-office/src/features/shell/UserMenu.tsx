import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Me } from '#/api/generated/types.gen'
import { logoutMutation } from '#/api/generated/@tanstack/react-query.gen'
import { Icon } from '#/components/Icon'
import { Menu } from '#/components/Menu'
import { Avatar } from '#/components/People'
import { getLocale, setLocale } from '#/lib/locale'
import { fullName } from '#/lib/text'
import { providerLogout } from '#/lib/provider'
import { getTheme, setTheme, type Theme } from '#/lib/theme'

export function UserMenu({ me }: { me: Me }) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [theme, setShown] = useState<Theme>(getTheme)
  const logout = useMutation({
    ...logoutMutation(),
    // Signing out empties the browser; what was chosen for this device stays.
    onMutate: () => ({ ...localStorage }),
    onSettled: (out, _error, _variables, kept) => {
      Object.assign(localStorage, kept)
      queryClient.clear()
      providerLogout.url = out?.providerUrl
      void navigate({ to: '/login' })
    },
  })
  const choose = (next: Theme) => {
    setTheme(next)
    setShown(next)
  }
  const name = fullName(me)
  return (
    <Menu
      label={t`${name}, accountmenu`}
      named
      className="me"
      entries={[
        { id: 'account', label: t`Mijn account`, icon: 'key', run: () => void navigate({ to: '/account' }) },
        // A language is named in itself, so that who chose wrongly finds the way back.
        // oxlint-disable-next-line lingui/no-unlocalized-strings
        { id: 'nl', label: 'Nederlands', icon: 'translate', chosen: getLocale() === 'nl', run: () => setLocale('nl') },
        // oxlint-disable-next-line lingui/no-unlocalized-strings
        { id: 'en', label: 'English', icon: 'translate', chosen: getLocale() === 'en', run: () => setLocale('en') },
        { id: 'system', label: t`Zoals het apparaat`, icon: 'monitor', chosen: theme === 'system', run: () => choose('system') },
        { id: 'light', label: t`Licht`, icon: 'sun', chosen: theme === 'light', run: () => choose('light') },
        { id: 'dark', label: t`Donker`, icon: 'moon', chosen: theme === 'dark', run: () => choose('dark') },
        { id: 'logout', label: t`Uitloggen`, icon: 'sign-out', run: () => logout.mutate({}) },
      ]}
    >
      <Avatar name={name} />
      {name}
      <span className="sr">{t`, accountmenu`}</span>
      <Icon name="dots-three" />
    </Menu>
  )
}
