/**
 * Columns of the Log Analytics tables that this stage fills, as the table reference of Azure Monitor lists them
 * (learn.microsoft.com/azure/azure-monitor/reference/tables). AzureDiagnostics has these from its first row; columns
 * that end in `_s` or `_d` appear with the first row that has a value, so a query asks for them with `column_ifexists`.
 */
const everywhere =
  'TenantId:string, TimeGenerated:datetime, SourceSystem:string, Type:string, _ResourceId:string';

const ofApplicationInsights = `${everywhere}, Properties:dynamic, Measurements:dynamic, OperationName:string,
  OperationId:string, ParentId:string, UserId:string, UserAuthenticatedId:string, SessionId:string, AppVersion:string,
  AppRoleName:string, AppRoleInstance:string, ClientType:string, ClientIP:string, ClientCity:string,
  ClientCountryOrRegion:string, ClientBrowser:string, ClientOS:string, IKey:string, SDKVersion:string, ItemCount:int`;

export const logTables: Readonly<Record<string, string>> = {
  AppRequests: `${ofApplicationInsights}, Id:string, Source:string, Name:string, Url:string, Success:bool,
    ResultCode:string, DurationMs:real, PerformanceBucket:string`,
  AppTraces: `${ofApplicationInsights}, Message:string, SeverityLevel:int`,
  AppExceptions: `${ofApplicationInsights}, ProblemId:string, HandledAt:string, ExceptionType:string, Assembly:string,
    Method:string, OuterType:string, OuterMessage:string, OuterAssembly:string, OuterMethod:string,
    InnermostType:string, InnermostMessage:string, SeverityLevel:int, Details:dynamic`,
  AppDependencies: `${ofApplicationInsights}, Id:string, Target:string, DependencyType:string, Name:string, Data:string,
    Success:bool, ResultCode:string, DurationMs:real, PerformanceBucket:string`,
  AzureMetrics: `${everywhere}, ResourceId:string, ResourceGroup:string, SubscriptionId:string, ResourceProvider:string,
    Resource:string, MetricName:string, TimeGrain:string, UnitName:string, Total:real, Count:real, Maximum:real,
    Minimum:real, Average:real`,
  AzureDiagnostics: `${everywhere}, ResourceId:string, Category:string, ResourceGroup:string, SubscriptionId:string,
    ResourceProvider:string, Resource:string, ResourceType:string, OperationName:string, ResultType:string,
    ResultDescription:string, ResultSignature:string, CallerIPAddress:string, CorrelationId:string, DurationMs:long,
    Level:string, AdditionalFields:dynamic`,
};
