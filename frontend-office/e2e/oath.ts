import { execFileSync } from 'node:child_process'

/** An authenticator app that is not ours: oathtool of the OATH Toolkit. It never gives the same code twice. */
export class Authenticator {
  private last = 0
  private readonly secret: string

  constructor(secret: string) {
    this.secret = secret.replaceAll(/\s/g, '')
  }

  async code(): Promise<string> {
    const step = () => Math.floor(Date.now() / 30_000)
    // The server takes the code of the next half minute too, which spares the wait once.
    while (step() + 1 <= this.last) await new Promise((done) => setTimeout(done, 250))
    this.last = Math.max(step(), this.last + 1)
    const at = new Date(this.last * 30_000).toISOString().replace('T', ' ').replace(/\..*/, ' UTC')
    return execFileSync('oathtool', ['--totp', '--base32', `--now=${at}`, this.secret], { encoding: 'utf8' }).trim()
  }
}
