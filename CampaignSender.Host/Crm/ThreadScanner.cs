using System.Text;
using System.Text.Json;

namespace CampaignSender.Host.Crm;

/// <summary>
/// Looks through a thread piece by piece: <c>messages[]</c>, wrapped in <c>data</c> or plain, oldest first, and in each
/// the dispatch key in <c>template_params</c>, which the CRM shows among the message's <c>additional_attributes</c>, others
/// in the message itself. Remembers one message at a time, so a thread of any length costs no memory.
/// </summary>
internal sealed class ThreadScanner(string dispatchKey)
{
    private const int MaxIdLength = 100;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(dispatchKey);
    private JsonReaderState _state;
    private Level _level = Level.Root;
    private Field _field;
    private int _messageDepth;
    private int _parametersDepth;
    private bool _isOurs;
    private string? _id;

    private enum Level
    {
        Root,
        Data,
        Messages,
        Message,
        AdditionalAttributes,
        TemplateParams,
        Done,
    }

    private enum Field
    {
        Other,
        Data,
        Messages,
        Id,
        AdditionalAttributes,
        TemplateParams,
        DispatchKey,
    }

    /// <summary>Null until the messages have been seen to their end, or ours among them.</summary>
    public ThreadReading? Reading { get; private set; }

    /// <summary>Returns the bytes that were used; the rest comes again with the next piece.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidOperationException">A text is no Unicode.</exception>
    public int Scan(ReadOnlySpan<byte> piece, bool isLast)
    {
        var reader = new Utf8JsonReader(piece, isLast, _state);
        while (Reading is null && reader.Read())
        {
            Step(ref reader);
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Step(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _field = FieldOf(ref reader);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Enter(ref reader);
                _field = Field.Other;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Leave(reader.CurrentDepth);
                break;
            default:
                Take(ref reader);
                _field = Field.Other;
                break;
        }
    }

    private Field FieldOf(ref Utf8JsonReader reader) =>
        (_level, reader.CurrentDepth - _messageDepth) switch
        {
            (Level.Root, 1) when reader.ValueTextEquals("data"u8) => Field.Data,
            (Level.Root, 1) when reader.ValueTextEquals("messages"u8) => Field.Messages,
            (Level.Data, 2) when reader.ValueTextEquals("messages"u8) => Field.Messages,
            (Level.Message, 1) when reader.ValueTextEquals("id"u8) => Field.Id,
            (Level.Message, 1) when reader.ValueTextEquals("additional_attributes"u8) => Field.AdditionalAttributes,
            (Level.Message, 1) or (Level.AdditionalAttributes, 2) when reader.ValueTextEquals("template_params"u8) =>
                Field.TemplateParams,
            (Level.TemplateParams, _)
                when reader.CurrentDepth == _parametersDepth + 1 && reader.ValueTextEquals("dispatch_key"u8) =>
                Field.DispatchKey,
            _ => Field.Other,
        };

    private void Enter(ref Utf8JsonReader reader)
    {
        switch (_level, reader.TokenType, _field)
        {
            case (Level.Root, JsonTokenType.StartObject, Field.Data):
                _level = Level.Data;
                break;
            case (Level.Root or Level.Data, JsonTokenType.StartArray, Field.Messages):
                _level = Level.Messages;
                _messageDepth = reader.CurrentDepth + 1;
                break;
            case (Level.Messages, _, _):
                _level = Level.Message;
                _id = null;
                _isOurs = false;
                break;
            case (Level.Message, JsonTokenType.StartObject, Field.AdditionalAttributes):
                _level = Level.AdditionalAttributes;
                break;
            case (Level.Message or Level.AdditionalAttributes, JsonTokenType.StartObject, Field.TemplateParams):
                _level = Level.TemplateParams;
                _parametersDepth = reader.CurrentDepth;
                break;
        }
    }

    private void Leave(int depth)
    {
        switch (_level)
        {
            case Level.TemplateParams when depth == _parametersDepth:
                _level = depth == _messageDepth + 1 ? Level.Message : Level.AdditionalAttributes;
                break;
            case Level.AdditionalAttributes when depth == _messageDepth + 1:
                _level = Level.Message;
                break;
            case Level.Message when depth == _messageDepth:
                _level = Level.Messages;
                Reading = _isOurs ? new ThreadReading(true, _id) : null;
                break;
            case Level.Messages when depth == _messageDepth - 1:
                _level = Level.Done;
                Reading = new ThreadReading(false, _id);
                break;
            case Level.Data when depth == 1:
                _level = Level.Root;
                break;
        }
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (_level, _field)
        {
            case (Level.Messages, _):
                // A message that is no object has no id.
                _id = null;
                break;
            case (Level.Message, Field.Id):
                _id = Id(ref reader);
                break;
            case (Level.TemplateParams, Field.DispatchKey):
                _isOurs |= reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(_key);
                break;
        }
    }

    /// <summary>Null where it is not like one: PostgreSQL refuses a NUL, and with it the outcomes of the whole page.</summary>
    private static string? Id(ref Utf8JsonReader reader)
    {
        var id = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        return id is { Length: <= MaxIdLength } && !id.Any(char.IsControl) ? id : null;
    }
}
