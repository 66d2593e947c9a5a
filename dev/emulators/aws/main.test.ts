import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { afterEach, expect, it } from 'vitest'
import { demoAccount } from './accounts.ts'
import { remoteControl } from './remoteControl.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill()
})

function run(args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = fork(main, args, {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  children.push(child)
  return child
}

it('runs as a process, says when it is ready, and stops when asked', async () => {
  const child = run(['--regions', 'eu-west-1=30,us-east-1=4', '--secret-key', 'a+secret+of+this+test'], {
    AWS_EMULATOR_OPTIONS: JSON.stringify({ seed: 'process', faults: { 'us-east-1': { throttle: 1 } } }),
  })
  const [message] = (await once(child, 'message')) as [{ ready: boolean; url: string }]
  expect(message.ready).toBe(true)
  const credentials = { ...demoAccount, secretAccessKey: 'a+secret+of+this+test' }
  const ec2 = new EC2Client({ region: 'us-east-1', endpoint: message.url, credentials })
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}))
  expect(Reservations!.flatMap((reservation) => reservation.Instances!).length).toBe(4)
  const control = remoteControl(message.url)
  expect(await control.calls('us-east-1')).toEqual({ DescribeInstances: 2 })
  expect(await control.count('eu-west-1')).toBe(30)
  ec2.destroy()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

it('says what is wrong with its arguments', async () => {
  const child = run(['--regions', 'eu-west-1'])
  let complaint = ''
  child.stderr!.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  expect(await once(child, 'close')).toEqual([1, null])
  expect(complaint).toContain('"eu-west-1", which is not like eu-west-1=2000')
})
