/** The logo: a blinking eye and a stream. */
export const Logo = () => (
  <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
    <path class="logo-lid" d="M2 12.500C5 7.2 8.3 5 12 5s7 2.2 10 7.5" />
    <path class="logo-stream" d="M4 17.500c2.7-2.4 5.3-2.4 8 0s5.3 2.4 8 0" />
    <circle cx="12" cy="11.5" r="2.6" />
  </svg>
)
