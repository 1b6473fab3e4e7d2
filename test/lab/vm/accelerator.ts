import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory } from '../places.ts';
import { cpio, directory, file } from './cpio.ts';

/** How machines compute, as options of QEMU. */
export type Accelerator = readonly string[];

const emulation: Accelerator = ['-accel', 'tcg,thread=multi,tb-size=256', '-cpu', 'max'];
const kvm: Accelerator = ['-accel', 'kvm', '-cpu', 'host'];

const probeMs = 10_000;

/** KVM where it really works: on some machines its device is there, and what starts with it hangs. Asked once a boot. */
export const findAccelerator = async (image: string): Promise<Accelerator> => {
  if (!existsSync('/dev/kvm')) return emulation;
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  const answer = join(cacheDirectory(), `kvm-${createHash('sha256').update(bootId).digest('hex').slice(0, 12)}`);
  const known = await readFile(answer, 'utf8').catch(() => undefined);
  const works = known === undefined ? await boots(image) : known === 'works';
  if (known === undefined) await writeFile(answer, works ? 'works' : 'does not work');
  return works ? kvm : emulation;
};

const script = '#!/bin/busybox sh\necho lab-alive\n/bin/busybox poweroff -f\n';

/** Whether the kernel of an image comes to its first program with KVM, within a time. */
const boots = async (image: string): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-kvm-'));
  const initrd = join(folder, 'initrd');
  await writeFile(
    initrd,
    cpio([
      ...['bin', 'dev'].map(directory),
      { path: 'dev/console', mode: 0o20600, device: [5, 1] },
      file('bin/busybox', await readFile(join(image, 'busybox')), 0o755),
      file('init', script, 0o755),
    ]),
  );
  const kernel = ['-kernel', join(image, 'vmlinuz'), '-initrd', initrd, '-append', 'console=ttyS0 quiet'];
  const options = ['-nodefaults', '-display', 'none', '-no-reboot', '-m', '256', '-serial', 'stdio'];
  const child = spawn('qemu-system-x86_64', [...options, ...kvm, ...kernel], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    return await new Promise<boolean>((resolve) => {
      let said = '';
      const timer = setTimeout(() => resolve(false), probeMs);
      child.stdout.on('data', (bytes: Buffer) => {
        said += bytes.toString('latin1');
        if (said.includes('lab-alive')) resolve(true);
      });
      child.once('error', () => resolve(false));
      child.once('close', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
};
