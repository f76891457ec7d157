import { execFileSync } from 'node:child_process'

import { halfMinute } from './support'

/** An authenticator app that is not ours: oathtool of the OATH Toolkit. It never gives the same code twice. */
export class Authenticator {
  private last = 0
  private readonly secret: string

  constructor(secret: string) {
    this.secret = secret.replaceAll(/\s/g, '')
  }

  async code(): Promise<string> {
    this.last = await halfMinute(this.last)
    const at = new Date(this.last * 30_000).toISOString().replace('T', ' ').replace(/\..*/, ' UTC')
    return execFileSync('oathtool', ['--totp', '--base32', `--now=${at}`, this.secret], { encoding: 'utf8' }).trim()
  }
}
