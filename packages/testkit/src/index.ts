export { type FaultRow, faultRows, playFault } from './fault-catalogue.ts';
export * from './control-client.ts';
export { type CertnStandInOptions, certnStandInProgram, type RunningCertnStandIn, startCertnStandIn } from './start.ts';
export { judgeOrders } from './judge.ts';
