/**
 * Milliseconds of processor time that this process has used: for bounds on what hostile input may cost, which must not
 * depend on what else the machine is doing.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
