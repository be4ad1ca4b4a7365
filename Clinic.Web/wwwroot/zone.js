// Tells the server in which time zone this browser reads its clock. It holds for the browser's session only, so that
// a traveller's next one starts afresh; a zone chosen on a page stands in the same cookie for longer, and wins.
(() => {
  if (document.cookie.split("; ").some((cookie) => cookie.startsWith("clinic-zone="))) {
    return;
  }

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) {
    document.cookie = `clinic-zone=${encodeURIComponent(zone)}; path=/; samesite=lax`;
  }
})();
