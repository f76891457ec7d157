export const tabs = ['overview', 'points', 'documents', 'timeline', 'portal'] as const
export type Tab = (typeof tabs)[number]
