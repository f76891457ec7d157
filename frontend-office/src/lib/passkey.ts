/** Whether the browser knows passkeys at all. */
export const canUsePasskeys = () => 'PublicKeyCredential' in window
