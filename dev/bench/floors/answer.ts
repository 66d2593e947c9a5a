/** A floor's process: says that it is up, measures the one input that it is sent, and answers. */
export function answer<Input>(measure: (input: Input) => Promise<object>) {
  process.once('message', (input) => {
    measure(input as Input).then(
      (output) => process.send!(output),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.send!({})
}
