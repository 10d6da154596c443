/**
 * Work that must happen without any request: above all, deleting rows whose retention time is over. Contexts provide their tasks;
 * the timer discovers them from the providers of all modules.
 */
export abstract class HousekeepingTask {
  /** Does one bounded piece; several replicas may run it at once. Returns how many rows it changed; 0: nothing is left to do. */
  abstract run(): Promise<number>;
}
