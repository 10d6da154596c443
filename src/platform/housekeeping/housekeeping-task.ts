/**
 * Something that must happen by itself, whether or not anybody uses the product: above all, rows that are kept for a while go
 * when their time is over. Contexts provide theirs; the timer finds them wherever they are provided.
 */
export abstract class HousekeepingTask {
  /** One bounded piece, safe to run on several replicas at once. Answers how many rows it changed; 0: nothing is left to do. */
  abstract run(): Promise<number>;
}
