/** Preloaded into our children: when whoever started them is gone, however, they stop as if asked to. */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), 15_000).unref()
})
