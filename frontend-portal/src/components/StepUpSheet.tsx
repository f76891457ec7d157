import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { client } from '#/api/generated/client.gen'
import { getMeOptions, stepUpMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { LoginCodeSent, SigninProving, StepUp, StepUpWays } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { answer } from '#/api/stepUp'
import { loadSettings } from '#/lib/locale'
import { canUsePasskeys } from '#/lib/passkey'
import { Button } from './Button'
import { codeMistake } from './codeMistake'
import { PasswordField, TextField } from './Field'
import { Icon } from './Icon'
import { Sheet } from './Sheet'
import { Loading, Mistake, mistakeText } from './States'

// The generated functions would be in what everybody loads before the login, so these requests are written out.
const url = '/portal/auth/step-up'
const mine = async () => (await client.get<{ 200: StepUpWays }, unknown, true>({ url, throwOnError: true })).data.ways
const send = async () => (await client.post<{ 202: LoginCodeSent }, unknown, true>({ url: `${url}/codes`, throwOnError: true })).data

/** The password, or what this customer has in its place, once more: what follows is worth being sure about. */
export function StepUpSheet() {
  const [chosen, setChosen] = useState<SigninProving>()
  const [value, setValue] = useState('')
  const [empty, setEmpty] = useState(false)
  const me = useQueryClient().getQueryData(getMeOptions().queryKey)
  const ways = useQuery({
    queryKey: ['step-up'],
    queryFn: async () => (await mine()).filter((way) => way !== 'passkey' || canUsePasskeys()),
    gcTime: 0,
    retry: false,
  })
  const prove = useMutation({ ...stepUpMutation(), onSuccess: () => answer(true), onError: () => focus() })
  const code = useMutation({ mutationFn: send, onSuccess: () => change('') })
  const confirm = useMutation({
    mutationFn: async () => {
      const [{ confirm: ask }, { passkeyMistake }] = await Promise.all([
        import('#/lazy/passkey'),
        import('#/lazy/passkeyWords'),
        loadSettings(),
      ])
      // What is said is an answer too: the sheet stays.
      return ask().then(
        () => '',
        (error: unknown) => passkeyMistake(error) || undefined,
      )
    },
    onSuccess: (said) => said === '' && answer(true),
  })
  const by = chosen ?? ways.data?.[0]
  const digits = code.data?.digits ?? 8
  const asksFirst = by === 'login_code' && !code.data
  useEffect(focus, [by, code.data])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (prove.isPending || code.isPending || confirm.isPending) return
    if (by === 'passkey') return confirm.mutate()
    if (asksFirst) return code.mutate()
    setEmpty(!value)
    if (!value) return focus()
    const body: StepUp = by === 'password' ? { password: value } : { [by === 'code' ? 'code' : 'loginCode']: value.replaceAll(/\D/g, '') }
    prove.mutate({ body })
  }
  const change = (next: string) => {
    setValue(next)
    setEmpty(false)
    prove.reset()
    confirm.reset()
  }
  const mistake = empty
    ? by === 'password'
      ? t`Vul je wachtwoord in`
      : by === 'code'
        ? t`Typ alle zes cijfers.`
        : t`Typ alle ${digits} cijfers.`
    : prove.error
      ? words(prove.error)
      : undefined
  const other: Record<SigninProving, string> = {
    password: t`Liever met mijn wachtwoord`,
    code: t`Liever met een code`,
    passkey: t`Liever met mijn passkey`,
    login_code: t`Stuur me liever een code`,
  }
  return (
    <Sheet
      title={t`Even controleren dat jij het bent`}
      lead={lead(by, ways.data?.length)}
      onClose={() => answer(false)}
      footer={
        <>
          <Button variant="quiet" onClick={() => answer(false)}>
            {t`Annuleren`}
          </Button>
          {by && (
            <Button
              type="submit"
              form="step-up"
              variant="primary"
              busy={prove.isPending || (asksFirst && code.isPending) || (by === 'passkey' && confirm.isPending)}
            >
              {asksFirst ? t`Stuur mij een code` : by === 'passkey' ? t`Gebruik je passkey` : t`Verder`}
            </Button>
          )}
        </>
      }
    >
      {ways.isPending && <Loading />}
      {ways.isError && (
        <>
          <Mistake error={ways.error} />
          <Button small onClick={() => void ways.refetch()}>{t`Opnieuw proberen`}</Button>
        </>
      )}
      {by && (
        <form id="step-up" noValidate onSubmit={submit}>
          {by === 'password' && (
            <>
              {/* For the password manager: whose password this is. */}
              <input type="text" name="username" autoComplete="username" defaultValue={me?.username} hidden readOnly />
              <PasswordField
                id="step-up-proof"
                label={t`Wachtwoord`}
                autoComplete="current-password"
                maxLength={256}
                value={value}
                error={mistake}
                onChange={(event) => change(event.target.value)}
              />
            </>
          )}
          {(by === 'code' || (by === 'login_code' && code.data)) && (
            <TextField
              id="step-up-proof"
              label={by === 'code' ? t`Code uit je app` : t`Code van ${digits} cijfers`}
              hint={by === 'code' ? undefined : t`De code kwam per sms of per mail, werkt 10 minuten en alleen hier. Geef hem nooit door.`}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={16}
              value={value}
              error={mistake}
              onChange={(event) => change(event.target.value)}
            />
          )}
          {by === 'login_code' && code.data && (
            <Button variant="quiet" small busy={code.isPending} onClick={() => code.mutate()}>
              {t`Stuur een nieuwe code`}
            </Button>
          )}
          {by === 'login_code' && <Mistake error={code.error} />}
          {ways.data
            ?.filter((way) => way !== by)
            .map((way) => (
              <Button
                key={way}
                variant="quiet"
                small
                {...(way === 'passkey' ? { icon: 'fingerprint', busy: confirm.isPending } : {})}
                onClick={() => {
                  if (way === 'passkey') return confirm.mutate()
                  setChosen(way)
                  change('')
                }}
              >
                {other[way]}
              </Button>
            ))}
          {(confirm.data || confirm.isError) && (
            <p className="error" role="alert">
              <Icon name="warning-circle-fill" />
              {confirm.data || mistakeText(confirm.error)}
            </p>
          )}
        </form>
      )}
    </Sheet>
  )
}

const focus = () => document.getElementById('step-up-proof')?.focus()

function lead(by: SigninProving | undefined, ways: number | undefined): string {
  switch (by) {
    case 'password':
      return t`Dit is belangrijk voor je account. Daarom vragen we je wachtwoord nog een keer.`
    case 'code':
      return t`Dit is belangrijk voor je account. Daarom vragen we nog een keer een code uit je app.`
    case 'passkey':
      return t`Dit is belangrijk voor je account. Daarom vragen we je passkey nog een keer.`
    case 'login_code':
      return t`Dit is belangrijk voor je account. Daarom sturen we je nog een keer een code.`
    default:
      return ways === 0
        ? t`Dit is belangrijk voor je account. Log uit en opnieuw in; daarna kun je hier een kwartier lang verder.`
        : t`Dit is belangrijk voor je account.`
  }
}

function words(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'wrong-code')
    return t`Die code klopt niet (meer). Elke code werkt 30 seconden; typ de nieuwste over.`
  if (error instanceof ApiProblem && error.errors.some(({ code }) => code === 'wrong-password')) return t`Dit wachtwoord klopt niet.`
  if (error instanceof ApiProblem && error.status === 412) return t`Dat ging net mis. Probeer het nog eens.`
  return codeMistake(error)
}
