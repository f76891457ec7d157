export function DoorMark() {
  return (
    <svg className="doormark" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <rect width="28" height="28" rx="7" fill="var(--brand-solid)" />
      <path d="M8 22.5V12a6 6 0 0 1 12 0v10.5Z" fill="var(--brand-on)" />
      <path d="M14 6a6 6 0 0 1 6 6v10.5h-6Z" fill="var(--turn-solid)" />
      <circle cx="11.7" cy="15.3" r="1.05" fill="var(--brand-solid)" />
      <path d="M5.5 22.5h17" stroke="var(--brand-on)" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  )
}
