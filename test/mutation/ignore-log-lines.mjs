/** Leaves `this.log.warn({ orderId }, '…')` as it is: what operators read in the log is no rule. Nothing else is left out. */
const logLines = {
  shouldIgnore({ node }) {
    const callee = node.type === 'CallExpression' ? node.callee : undefined;
    const of = callee?.type === 'MemberExpression' ? callee.object : undefined;
    const isLog = of?.type === 'MemberExpression' && of.object.type === 'ThisExpression' && of.property.name === 'log';
    return isLog ? 'A line of the log is no rule.' : undefined;
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'log-lines', value: logLines }];
