import type { Page } from '@playwright/test'

/** Chromium's own authenticator, in place of a finger: it keeps passkeys and checks who its owner is. */
export class Key {
  private constructor(
    private readonly wire: Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>,
    private readonly id: string,
  ) {}

  static async in(page: Page): Promise<Key> {
    const wire = await page.context().newCDPSession(page)
    await wire.send('WebAuthn.enable')
    const { authenticatorId } = await wire.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        // Until a test lets it, it waits for a press of a button, so that nobody is logged in by the page being open.
        automaticPresenceSimulation: false,
      },
    })
    return new Key(wire, authenticatorId)
  }

  /** Presses its button, or takes the finger away. */
  async press(enabled: boolean) {
    await this.wire.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: this.id, enabled })
  }

  /** Whether it is its owner who presses: otherwise it refuses. */
  async owner(isUserVerified: boolean) {
    await this.wire.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified })
  }

  async held() {
    return (await this.wire.send('WebAuthn.getCredentials', { authenticatorId: this.id })).credentials
  }
}
