import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { getOrganisationOptions } from '#/api/generated/@tanstack/react-query.gen'
import { Failed, Loading } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { BrandingForm } from './BrandingForm'

export function BrandingPage() {
  useTitle(t`Portaal`)
  const query = useQuery(getOrganisationOptions())
  if (query.isPending || query.isError) {
    return (
      <main className="main" id="inhoud">
        <h1 className="sr">{t`Portaal`}</h1>
        {query.isPending ? <Loading /> : <Failed error={query.error} retry={() => void query.refetch()} />}
      </main>
    )
  }
  return <BrandingForm organisation={query.data} />
}
