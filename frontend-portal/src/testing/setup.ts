import '@testing-library/jest-dom/vitest'
import { i18n } from '@lingui/core'
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

// The tests read Dutch, whatever the machine speaks.
localStorage.setItem('locale', 'nl')
i18n.loadAndActivate({ locale: 'nl', messages: {} })
afterEach(cleanup)
