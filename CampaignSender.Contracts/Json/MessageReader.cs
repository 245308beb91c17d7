using System.Text.Json;

namespace CampaignSender.Contracts.Json;

/// <summary>
/// Walks once over a message and reports what breaks a rule; reading goes on behind it. What cannot be read is returned
/// as the type's default. Only malformed JSON throws (<see cref="JsonException"/>).
/// </summary>
internal ref struct MessageReader(ReadOnlySpan<byte> body, ViolationList violations)
{
    private const int MaxDepth = 64;
    private const string IdRule = "must be a uuid of 36 characters";

    // The longest time with every character escaped.
    private const int MaxTimeLength = 6 * 40;

    private readonly ReadOnlySpan<byte> _body = body;
    private Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });
    private FieldSet? _fields;
    private uint _seen;

    /// <summary>The name of the field that <see cref="NextField"/> found.</summary>
    public string? Field { get; private set; }

    /// <summary>The rule that the document breaks where the JSON reader threw.</summary>
    public readonly string SyntaxRule
    {
        get
        {
            var opened = _json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0;
            var rest = _body[(int)_json.BytesConsumed..];
            if (_json.CurrentDepth + opened == MaxDepth && !rest.IsEmpty && rest[0] is (byte)'{' or (byte)'[')
            {
                return $"must not be nested deeper than {MaxDepth} levels";
            }

            var isComplete = _json.TokenType != JsonTokenType.None && _json.CurrentDepth + opened == 0;
            return isComplete ? "must not be followed by anything" : "must be well-formed JSON";
        }
    }

    /// <summary>Enters the object; false where the document is something else.</summary>
    public bool StartMessage(FieldSet fields)
    {
        _fields = fields;
        _json.Read();
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        violations.AddDocumentFault("must be an object");
        _json.Skip();
        return false;
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public void EndMessage() => _json.Read();

    /// <summary>Moves to the value of the next known field; at the end reports the missing ones.</summary>
    public bool NextField()
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOfName();
            if (index < 0)
            {
                violations.AddUnknownField(_json.ValueSpan);
                SkipValue();
            }
            else if ((_seen & (1u << index)) != 0)
            {
                Report(_fields!.Names[index], "must not occur twice");
                SkipValue();
            }
            else
            {
                _seen |= 1u << index;
                Field = _fields!.Names[index];
                _json.Read();
                return true;
            }
        }

        ReportMissing();
        return false;
    }

    public Guid ReadId()
    {
        if (TryGetId(out var id))
        {
            return id;
        }

        Reject(IdRule);
        return default;
    }

    public Guid ReadCorrelationId()
    {
        if (TryGetId(out var id) && id is { Version: 4, Variant: >= 0x8 and <= 0xB })
        {
            return id;
        }

        Reject("must be a version 4 uuid of 36 characters");
        return default;
    }

    public IReadOnlyList<Guid> ReadIds(int maximum)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            Reject("must be an array of uuids");
            return [];
        }

        var ids = new List<Guid>();
        var count = 0;
        for (; _json.Read() && _json.TokenType != JsonTokenType.EndArray; count++)
        {
            if (!TryGetId(out var id))
            {
                violations.AddElement(Field!, count, IdRule);
                _json.Skip();
            }
            else if (count < maximum)
            {
                ids.Add(id);
            }
        }

        if (count == 0)
        {
            Report(Field!, "must hold at least one id");
        }
        else if (count > maximum)
        {
            Report(Field!, $"must hold at most {maximum} ids");
        }

        return ids;
    }

    public int ReadInteger(int minimum)
    {
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var number) && number >= minimum)
        {
            return number;
        }

        Reject($"must be a whole number from {minimum} to {int.MaxValue}");
        return default;
    }

    public bool ReadBoolean()
    {
        if (_json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return _json.GetBoolean();
        }

        Reject("must be true or false");
        return default;
    }

    public string? ReadText()
    {
        if (IsText() && !_json.ValueSpan.IsEmpty)
        {
            return _json.GetString();
        }

        Reject("must be a string that is not empty, or be left out");
        return null;
    }

    public TEnum ReadEnum<TEnum>(WireEnum<TEnum> names)
        where TEnum : struct, Enum
    {
        if (IsText())
        {
            foreach (var (value, name) in names.Entries)
            {
                if (_json.ValueTextEquals(name))
                {
                    return value;
                }
            }
        }

        Reject(names.Rule);
        return default;
    }

    public DateTimeOffset ReadTime()
    {
        if (
            IsText()
            && _json.ValueSpan.Length <= MaxTimeLength
            && _json.TryGetDateTimeOffset(out var time)
            && EndsWithOffset(_json.GetString()!)
        )
        {
            return time;
        }

        Reject("must be an ISO 8601 date and time with Z or an offset such as -03:00");
        return default;
    }

    public readonly void Report(string field, string rule) => violations.Add(field, rule);

    /// <summary>Without an offset the framework would take the time for local. A date alone has hyphens, too.</summary>
    private static bool EndsWithOffset(string time) =>
        time.Contains('T') && (time.EndsWith('Z') || (time.Length > 6 && time[^6] is '+' or '-'));

    private readonly bool IsText() => _json.TokenType == JsonTokenType.String && HasReadableText();

    private readonly bool HasReadableText() => !_json.ValueIsEscaped || Surrogates.ArePaired(_json.ValueSpan);

    private readonly bool TryGetId(out Guid id)
    {
        id = default;
        return IsText() && _json.TryGetGuid(out id);
    }

    private readonly int IndexOfName()
    {
        if (!HasReadableText())
        {
            return -1;
        }

        var names = _fields!.Names;
        for (var i = 0; i < names.Length; i++)
        {
            if (_json.ValueTextEquals(names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private readonly void ReportMissing()
    {
        var required = _fields!.Required;
        for (var i = 0; i < required.Length; i++)
        {
            if ((_seen & (1u << i)) == 0)
            {
                Report(required[i], "is required");
            }
        }
    }

    private void Reject(string rule)
    {
        Report(Field!, rule);
        _json.Skip();
    }

    private void SkipValue()
    {
        _json.Read();
        _json.Skip();
    }
}
