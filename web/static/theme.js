// Runs before the first paint, so that the page never flashes in the wrong colours.
;(function () {
  var root = document.documentElement
  var theme = null
  var mode = null
  try {
    theme = localStorage.getItem('maestro.theme')
    mode = localStorage.getItem('maestro.mode')
  } catch {
    // Storage may be forbidden; the system's choice stands then.
  }
  var dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = theme || 'lotus'
  root.dataset.mode = dark ? 'dark' : 'light'
})()
