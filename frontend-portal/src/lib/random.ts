/** A random key; crypto.randomUUID exists on secure origins only, getRandomValues everywhere. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
