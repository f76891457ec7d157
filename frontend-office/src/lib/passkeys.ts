import { startAuthentication, startRegistration, WebAuthnAbortService, WebAuthnError } from '@simplewebauthn/browser'
import { addPasskey, finishPasskeyLogin, startPasskey, startPasskeyLogin, startPasskeyStepUp, stepUp } from '#/api/generated/sdk.gen'
import type { NewPasskey, PasskeyAnswer, PasskeyRequest } from '#/api/generated/types.gen'

// Asked for when it is needed, with an import of its own: few press these buttons, and nobody does before the first paint.
const five = 300_000
const loud = { throwOnError: true } as const

const hints = (all: PasskeyRequest['allow']) =>
  all.map(({ credential, transports }) => ({
    id: credential,
    type: 'public-key' as const,
    transports: transports as AuthenticatorTransport[],
  }))

/** Lets the browser sign; quietly: only when somebody picks the passkey among what fills in the e-mail address. */
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
export async function logIn(quietly?: { gone: boolean }) {
  const { data } = await startPasskeyLogin(loud)
  if (quietly?.gone) throw new DOMException('', 'AbortError')
  await finishPasskeyLogin({ ...loud, body: await sign(data, Boolean(quietly)) })
}

/** Shows that it is still the same person, for what asks for that. */
export async function confirm() {
  const { data } = await startPasskeyStepUp(loud)
  await stepUp({ ...loud, body: { passkey: await sign(data) } })
}

/** Makes a passkey; who had no second factor yet gets recovery codes with it. */
export async function add() {
  const { data: asked } = await startPasskey(loud)
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
  const body: NewPasskey = {
    credential: id,
    clientData: response.clientDataJSON,
    attestation: response.attestationObject,
    transports: (response.transports ?? []) as NonNullable<NewPasskey['transports']>,
  }
  return (await addPasskey({ ...loud, body })).data
}

// A challenge lives for five minutes.
const again = 240_000

/** Lets the browser offer a passkey with the e-mail address, until what it returns is called. */
export function offer(onIn: () => void, onMistake: (error: unknown) => void): () => void {
  const quietly = { gone: false }
  let timer = 0
  const wait = async () => {
    if (quietly.gone || !(await PublicKeyCredential.isConditionalMediationAvailable())) return
    timer = window.setTimeout(() => void wait(), again)
    try {
      await logIn(quietly)
      if (!quietly.gone) onIn()
    } catch (error) {
      // Nobody asked, so nothing is said of giving up.
      if (!quietly.gone && outcome(error) === 'failed') onMistake(error)
    }
  }
  void wait().catch(() => {})
  return () => {
    quietly.gone = true
    clearTimeout(timer)
    WebAuthnAbortService.cancelCeremony()
  }
}

/** Whether the browser gave up because somebody wanted that, or because there is one already. */
export function outcome(error: unknown): 'stopped' | 'cancelled' | 'known' | 'failed' {
  if (!(error instanceof Error)) return 'failed'
  if (error.name === 'AbortError' || (error instanceof WebAuthnError && error.code === 'ERROR_CEREMONY_ABORTED')) return 'stopped'
  if (error.name === 'NotAllowedError') return 'cancelled'
  return error.name === 'InvalidStateError' ? 'known' : 'failed'
}
