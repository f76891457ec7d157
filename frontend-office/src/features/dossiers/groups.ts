type Listed = { isTest: boolean; status: 'open' | 'closed'; turn: 'office' | 'customer' | 'none' }
export type GroupKey = 'test' | 'office' | 'customer' | 'none' | 'closed'

/** Whose turn it is, in the order of urgency; the test client stands on its own in front, the closed ones at the end. */
export function groupByTurn<T extends Listed>(dossiers: T[]): { key: GroupKey; items: T[] }[] {
  const order: GroupKey[] = ['test', 'office', 'customer', 'none', 'closed']
  const keyOf = (dossier: T): GroupKey => (dossier.isTest ? 'test' : dossier.status === 'closed' ? 'closed' : dossier.turn)
  return order
    .map((key) => ({ key, items: dossiers.filter((dossier) => keyOf(dossier) === key) }))
    .filter((group) => group.items.length > 0)
}
