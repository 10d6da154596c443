/** `this.log.warn({ orderId }, '…')` */
function isLogCall(node) {
  const of = node.type === 'CallExpression' && node.callee.type === 'MemberExpression' ? node.callee.object : undefined;
  return of?.type === 'MemberExpression' && of.object.type === 'ThisExpression' && of.property.name === 'log';
}

/** `new Logger('orders')` */
const isLogger = (node) => node.type === 'NewExpression' && node.callee.name === 'Logger';

/** Leaves lines of the log as they are: what operators read there is no rule. Nothing else is left out. */
const logLines = {
  shouldIgnore({ node }) {
    const told = node.type === 'ExpressionStatement' ? node.expression : node;
    return isLogCall(told) || isLogger(told) ? 'A line of the log is no rule.' : undefined;
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'log-lines', value: logLines }];
