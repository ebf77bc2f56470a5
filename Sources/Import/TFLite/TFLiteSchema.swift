/// Names and numbers of TFLite's schema (tensorflow/lite/schema/schema.fbs, version 3), as far as
/// they are read here. Field numbers stand beside their uses.
enum TFLiteSchema {
  static let identifier: [UInt8] = Array("TFL3".utf8)
  static let version: Int32 = 3

  /// `BuiltinOperator`, by code.
  static let operators = """
    ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE
    EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D
    LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1
    RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH CONCAT_EMBEDDINGS
    SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER
    BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE
    UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT
    LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG
    PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN TRANSPOSE_CONV SPARSE_TO_DENSE TILE
    EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD
    REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV
    REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU
    SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE
    RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE
    NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM
    BATCH_MATMUL PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D
    IMAG REAL COMPLEX_ABS HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL
    CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS
    RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE
    RELU_0_TO_1 UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM ATAN2
    UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR RIGHT_SHIFT STABLEHLO_LOGISTIC STABLEHLO_ADD
    STABLEHLO_DIVIDE STABLEHLO_MULTIPLY STABLEHLO_MAXIMUM STABLEHLO_RESHAPE STABLEHLO_CLAMP
    STABLEHLO_CONCATENATE STABLEHLO_BROADCAST_IN_DIM STABLEHLO_CONVOLUTION STABLEHLO_SLICE
    STABLEHLO_CUSTOM_CALL STABLEHLO_REDUCE STABLEHLO_ABS STABLEHLO_AND STABLEHLO_COSINE
    STABLEHLO_EXPONENTIAL STABLEHLO_FLOOR STABLEHLO_LOG STABLEHLO_MINIMUM STABLEHLO_NEGATE
    STABLEHLO_OR STABLEHLO_POWER STABLEHLO_REMAINDER STABLEHLO_RSQRT STABLEHLO_SELECT
    STABLEHLO_SUBTRACT STABLEHLO_TANH STABLEHLO_SCATTER STABLEHLO_COMPARE STABLEHLO_CONVERT
    STABLEHLO_DYNAMIC_SLICE STABLEHLO_DYNAMIC_UPDATE_SLICE STABLEHLO_PAD STABLEHLO_IOTA
    STABLEHLO_DOT_GENERAL STABLEHLO_REDUCE_WINDOW STABLEHLO_SORT STABLEHLO_WHILE
    STABLEHLO_GATHER STABLEHLO_TRANSPOSE DILATE STABLEHLO_RNG_BIT_GENERATOR REDUCE_WINDOW
    STABLEHLO_COMPOSITE STABLEHLO_SHIFT_LEFT STABLEHLO_CBRT
    """.split(whereSeparator: \.isWhitespace).map(String.init)

  static let customOperator: Int32 = 32

  /// `ActivationFunctionType`, by code.
  static let activations = ["NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"]

  /// `FullyConnectedOptionsWeightsFormat`, by code.
  static let weightsFormats = ["DEFAULT", "SHUFFLED4x16INT8"]

  /// `Padding`, by code.
  static let paddings = ["SAME", "VALID"]

  /// `TensorType`, by code.
  static let types = """
    FLOAT32 FLOAT16 INT32 UINT8 INT64 STRING BOOL INT16 COMPLEX64 INT8 FLOAT64 COMPLEX128 UINT64
    RESOURCE VARIANT UINT32 UINT16 INT4 BFLOAT16
    """.split(whereSeparator: \.isWhitespace).map(String.init)

  enum Kind {
    case activation
    case weightsFormat
    case flag(default: Bool)
    case integer(default: Int32)
    case padding
    case type
    case real
    case integers
  }

  /// A table of the union `BuiltinOptions`: its number there, and its fields in order.
  struct Options {
    var union: UInt8
    var fields: [(name: String, kind: Kind)]
  }

  private static let pool = Options(
    union: 5,
    fields: [
      ("padding", .padding), ("stride_w", .integer(default: 0)),
      ("stride_h", .integer(default: 0)), ("filter_width", .integer(default: 0)),
      ("filter_height", .integer(default: 0)), ("fused_activation_function", .activation),
    ])

  private static let reducer = Options(
    union: 27, fields: [("keep_dims", .flag(default: false))])

  /// By operator; an operator that is not listed has no options.
  static let options: [String: Options] = [
    "CONV_2D": Options(
      union: 1,
      fields: [
        ("padding", .padding), ("stride_w", .integer(default: 0)),
        ("stride_h", .integer(default: 0)), ("fused_activation_function", .activation),
        ("dilation_w_factor", .integer(default: 1)), ("dilation_h_factor", .integer(default: 1)),
        ("quantized_bias_type", .type),
      ]),
    "DEPTHWISE_CONV_2D": Options(
      union: 2,
      fields: [
        ("padding", .padding), ("stride_w", .integer(default: 0)),
        ("stride_h", .integer(default: 0)), ("depth_multiplier", .integer(default: 0)),
        ("fused_activation_function", .activation), ("dilation_w_factor", .integer(default: 1)),
        ("dilation_h_factor", .integer(default: 1)),
      ]),
    "AVERAGE_POOL_2D": pool,
    "MAX_POOL_2D": pool,
    "MEAN": reducer,
    "FULLY_CONNECTED": Options(
      union: 8,
      fields: [
        ("fused_activation_function", .activation), ("weights_format", .weightsFormat),
        ("keep_num_dims", .flag(default: false)),
        ("asymmetric_quantize_inputs", .flag(default: false)), ("quantized_bias_type", .type),
      ]),
    "SOFTMAX": Options(union: 9, fields: [("beta", .real)]),
    "LOG_SOFTMAX": Options(union: 36, fields: []),
    "ADD": Options(
      union: 11,
      fields: [
        ("fused_activation_function", .activation), ("pot_scale_int16", .flag(default: true)),
      ]),
    "SUB": Options(
      union: 28,
      fields: [
        ("fused_activation_function", .activation), ("pot_scale_int16", .flag(default: true)),
      ]),
    "MUL": Options(union: 21, fields: [("fused_activation_function", .activation)]),
    "CONCATENATION": Options(
      union: 10,
      fields: [("axis", .integer(default: 0)), ("fused_activation_function", .activation)]),
    "MAXIMUM": Options(union: 39, fields: []),
    "MINIMUM": Options(union: 39, fields: []),
    "DEPTH_TO_SPACE": Options(union: 94, fields: [("block_size", .integer(default: 0))]),
    "SPACE_TO_DEPTH": Options(union: 19, fields: [("block_size", .integer(default: 0))]),
    "UNPACK": Options(
      union: 64, fields: [("num", .integer(default: 0)), ("axis", .integer(default: 0))]),
    "PAD": Options(union: 22, fields: []),
    "PADV2": Options(union: 43, fields: []),
    "TRANSPOSE": Options(union: 26, fields: []),
    "SLICE": Options(union: 48, fields: []),
    "STRIDED_SLICE": Options(
      union: 32,
      fields: [
        ("begin_mask", .integer(default: 0)), ("end_mask", .integer(default: 0)),
        ("ellipsis_mask", .integer(default: 0)), ("new_axis_mask", .integer(default: 0)),
        ("shrink_axis_mask", .integer(default: 0)), ("offset", .flag(default: false)),
      ]),
    "SPLIT": Options(union: 35, fields: [("num_splits", .integer(default: 0))]),
    "SPLIT_V": Options(union: 79, fields: [("num_splits", .integer(default: 0))]),
    "RESIZE_NEAREST_NEIGHBOR": Options(
      union: 74,
      fields: [
        ("align_corners", .flag(default: false)), ("half_pixel_centers", .flag(default: false)),
      ]),
    "LEAKY_RELU": Options(union: 75, fields: [("alpha", .real)]),
    "HARD_SWISH": Options(union: 91, fields: []),
    "GELU": Options(union: 116, fields: [("approximate", .flag(default: false))]),
    "RESHAPE": Options(union: 17, fields: [("new_shape", .integers)]),
    "SQUEEZE": Options(union: 30, fields: [("squeeze_dims", .integers)]),
    "ARG_MAX": Options(union: 40, fields: [("output_type", .type)]),
    "DEQUANTIZE": Options(union: 38, fields: []),
    "EXPAND_DIMS": Options(union: 52, fields: []),
    "QUANTIZE": Options(union: 89, fields: []),
  ]
}
