export const messages = {
  first: {
    title: 'Create the first account',
    text: 'Nobody has signed up here yet. This account becomes the administrator; afterwards sign-up is closed unless the operator opens it.',
    submit: 'Create the account',
  },
  signUp: { title: 'Create an account', text: 'Sign-up is open here.', submit: 'Create the account' },
  signIn: {
    title: 'Sign in to Maestro',
    text: 'Your inventory, and everything that changed since yesterday.',
    submit: 'Sign in',
  },
  name: 'Name',
  email: 'E-mail',
  password: 'Password',
  passwordHint: 'At least 10 characters; a sentence is easy to remember.',
  needName: 'Write your name.',
  needEmail: 'Write your e-mail address.',
  needPassword: 'Write your password.',
  toSignIn: 'You have an account? Sign in',
  toSignUp: 'No account yet? Create one',
  starting: 'Starting…',
}
