import { useEffect, useState } from 'react'

/** The title of the tab: what this page is, and whose door. */
export function useTitle(title: string, office = '') {
  useEffect(() => {
    document.title = [title, office].filter(Boolean).join(' · ') || document.title
  }, [title, office])
}

/** Whether the device has a connection, as far as the browser knows. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const update = () => setOnline(navigator.onLine)
    addEventListener('online', update)
    addEventListener('offline', update)
    return () => {
      removeEventListener('online', update)
      removeEventListener('offline', update)
    }
  }, [])
  return online
}
