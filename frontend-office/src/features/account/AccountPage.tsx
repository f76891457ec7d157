import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { getMyAccountOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useMe } from '#/api/me'
import { Failed, SkeletonRows } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { Devices } from './Devices'
import { PasskeySection } from './PasskeySection'
import { PasswordSection } from './PasswordSection'
import { ProfileSection } from './ProfileSection'
import { SecondStepSection } from './SecondStepSection'

/** One's own name, password, second step and sessions. */
export function AccountPage() {
  useTitle(t`Mijn account`)
  const me = useMe()
  const account = useQuery(getMyAccountOptions())
  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Mijn account`}</h1>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll" tabIndex={0} role="region" aria-label={t`Mijn account`}>
        <div className="c-main form-page stack is-airy">
          <ProfileSection key={me.version} me={me} />
          {account.isPending ? (
            <SkeletonRows rows={4} />
          ) : account.isError ? (
            <Failed error={account.error} retry={() => void account.refetch()} />
          ) : (
            <>
              {account.data.hasPassword && <PasswordSection me={me} account={account.data} />}
              <SecondStepSection account={account.data} />
              <PasskeySection />
            </>
          )}
          <Devices />
        </div>
      </div>
    </main>
  )
}
