/** The last hour of one function: requests, traces and exceptions, oldest first. */
export const logsQuery = (functionName: string): string =>
  [
    'union AppRequests, AppTraces, AppExceptions',
    `| where TimeGenerated > ago(1h) and OperationName == "${functionName.replaceAll(/[^\w-]/g, '')}"`,
    '| project TimeGenerated, AppRoleName, Type, ResultCode, Message = coalesce(Message, OuterMessage, Name)',
    '| order by TimeGenerated asc | take 500',
  ].join('\n');
