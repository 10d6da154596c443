/** Preload for a program (`--import`): shifts its clock by `CLOCK_OFFSET_MS` and changes nothing else. */
const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const Right = Date;
const wrongNow = () => Right.now() + offset;

globalThis.Date = new Proxy(Right, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [wrongNow()] : args, made),
  apply: () => new Right(wrongNow()).toString(),
  get: (target, name, receiver) => (name === 'now' ? wrongNow : Reflect.get(target, name, receiver)),
});
