import { startAuthentication, startRegistration, WebAuthnAbortService, WebAuthnError } from '@simplewebauthn/browser'
import { client } from '#/api/generated/client.gen'
import type { AddedPasskey, NewPasskey, Passkey, PasskeyAnswer, PasskeyCreation, PasskeyRequest } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'

// The generated functions would be in what everybody loads before the login, so these requests are written out.
const json = { 'Content-Type': 'application/json' }
const post = async <T>(url: string, body?: object) =>
  (await client.post<{ 200: T }, unknown, true>({ url, throwOnError: true, ...(body ? { body, headers: json } : {}) })).data

const mine = '/portal/me/passkeys'
const five = 300_000

const hints = (all: PasskeyRequest['allow']) =>
  all.map(({ credential, transports }) => ({
    id: credential,
    type: 'public-key' as const,
    transports: transports as AuthenticatorTransport[],
  }))

/** Lets the browser sign; quietly: only when somebody picks the passkey among what fills in the username. */
async function sign(request: PasskeyRequest, quietly = false): Promise<PasskeyAnswer> {
  const { challenge, domain, allow } = request
  const { id, response } = await startAuthentication({
    optionsJSON: { challenge, rpId: domain, allowCredentials: hints(allow), userVerification: 'required', timeout: five },
    useBrowserAutofill: quietly,
    verifyBrowserAutofillInput: false,
  })
  return {
    credential: id,
    clientData: response.clientDataJSON,
    authenticatorData: response.authenticatorData,
    signature: response.signature,
    userHandle: response.userHandle ?? '',
  }
}

/** A browser waits for one passkey at a time, so who waits quietly gives way as soon as it is told to. */
export async function logIn(office: string, quietly?: { gone: boolean }) {
  const request = await post<PasskeyRequest>('/portal/auth/passkey/options', { office })
  // oxlint-disable-next-line lingui/no-unlocalized-strings
  if (quietly?.gone) throw new DOMException('', 'AbortError')
  await post('/portal/auth/passkey', await sign(request, Boolean(quietly)))
}

/** Shows that it is still the same person, for what asks for that. */
export async function confirm() {
  const request = await post<PasskeyRequest>('/portal/auth/step-up/passkey/options')
  await post('/portal/auth/step-up', { passkey: await sign(request) })
}

export async function add(): Promise<Passkey> {
  const asked = await post<PasskeyCreation>(`${mine}/options`)
  const { id, response } = await startRegistration({
    optionsJSON: {
      challenge: asked.challenge,
      rp: { id: asked.domain, name: asked.service },
      user: { id: asked.userHandle, name: asked.userName, displayName: asked.displayName },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: hints(asked.exclude),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
      timeout: five,
    },
  })
  const made: NewPasskey = {
    credential: id,
    clientData: response.clientDataJSON,
    attestation: response.attestationObject,
    transports: (response.transports ?? []) as NonNullable<NewPasskey['transports']>,
  }
  return (await post<AddedPasskey>(mine, made)).passkey
}

export const list = async () =>
  (await client.get<{ 200: { items: Passkey[] } }, unknown, true>({ url: mine, throwOnError: true })).data.items

export const rename = async ({ id, version }: Passkey, name: string) => {
  await client.patch({ url: `${mine}/${id}`, body: { name }, headers: { ...json, ...ifMatch(version) }, throwOnError: true })
}

export const remove = async ({ id }: Passkey) => {
  await client.delete({ url: `${mine}/${id}`, throwOnError: true })
}

/** Stops waiting for somebody to pick a passkey. */
export const stop = () => WebAuthnAbortService.cancelCeremony()

/** Whether the browser gave up because somebody wanted that, or because there is one already. */
export function outcome(error: unknown): 'stopped' | 'cancelled' | 'known' | 'failed' {
  if (!(error instanceof Error)) return 'failed'
  if (error.name === 'AbortError' || (error instanceof WebAuthnError && error.code === 'ERROR_CEREMONY_ABORTED')) return 'stopped'
  if (error.name === 'NotAllowedError') return 'cancelled'
  return error.name === 'InvalidStateError' ? 'known' : 'failed'
}
