// The shapes of all statuses, once a page: every glyph refers to one of them.

/** Each status has a silhouette of its own, so that nobody needs its colour. */
export function Sprite() {
  return (
    <svg class="sprite" aria-hidden="true">
      <symbol id="operational" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="7.5" />
        <path class="cut" d="M4.7 8.3 7 10.6l4.4-5" />
      </symbol>
      <symbol id="maintenance" viewBox="0 0 16 16">
        <rect x="0.8" y="0.8" width="14.4" height="14.4" rx="3.4" />
        <path
          class="cut-fill"
          d="M12.3 5.1 10.4 7 9 5.6l1.9-1.9a3 3 0 0 0-3.9 3.7L3.7 10.7a1.15 1.15 0 0 0 1.6 1.6L8.6 9a3 3 0 0 0 3.7-3.9Z"
        />
      </symbol>
      <symbol id="degraded" viewBox="0 0 16 16">
        <path d="M6.5 1.6a1.75 1.75 0 0 1 3 0l6 10.4a1.75 1.75 0 0 1-1.5 2.6H2A1.75 1.75 0 0 1 .5 12Z" />
        <path class="cut" d="M8 5.6v3.6M8 11.9v.01" />
      </symbol>
      <symbol id="partial" viewBox="0 0 16 16">
        <path d="M6.8.7a1.7 1.7 0 0 1 2.4 0l6.1 6.1a1.7 1.7 0 0 1 0 2.4l-6.1 6.1a1.7 1.7 0 0 1-2.4 0L.7 9.2a1.7 1.7 0 0 1 0-2.4Z" />
        <path class="cut" d="M5 8h6" />
      </symbol>
      <symbol id="major" viewBox="0 0 16 16">
        <path d="M5 .6h6L15.4 5v6L11 15.4H5L.6 11V5Z" />
        <path class="cut" d="m5.5 5.5 5 5m0-5-5 5" />
      </symbol>
      <symbol id="unknown" viewBox="0 0 16 16">
        <circle class="line" cx="8" cy="8" r="6.7" stroke-dasharray="2.6 1.6" />
        <path class="line" d="M6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.1M8 11.2v.01" />
      </symbol>
    </svg>
  );
}
